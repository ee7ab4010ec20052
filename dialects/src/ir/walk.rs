use melior::ir::{
    BlockLike, BlockRef, Module, OperationRef, RegionLike, RegionRef, Value, ValueLike,
    operation::OperationLike,
};
use mlir_sys::{
    mlirOpOperandGetNextUse, mlirOpOperandGetOperandNumber, mlirOpOperandGetOwner,
    mlirOpOperandIsNull, mlirValueGetFirstUse,
};

/// The `func.func` ops of a module, in order.
pub fn functions<'c, 'a>(module: &'a Module<'c>) -> Vec<OperationRef<'c, 'a>> {
    operations(module.body())
        .into_iter()
        .filter(|op| op.name().as_string_ref().as_str() == Ok("func.func"))
        .collect()
}

/// The blocks of a region, in order. The list stays valid while blocks are added.
pub fn blocks<'c, 'a>(region: RegionRef<'c, 'a>) -> Vec<BlockRef<'c, 'a>> {
    std::iter::successors(region.first_block(), |block| block.next_in_region()).collect()
}

/// The operations of a block, in order. The list stays valid while others are added or erased.
pub fn operations<'c, 'a>(block: BlockRef<'c, 'a>) -> Vec<OperationRef<'c, 'a>> {
    std::iter::successors(block.first_operation(), |op| op.next_in_block()).collect()
}

/// The uses of a value: the op and the number of its operand.
pub fn uses<'c, 'a>(value: Value<'c, 'a>) -> Vec<(OperationRef<'c, 'a>, usize)> {
    let mut list = Vec::new();
    // SAFETY: the value is alive, so its use list is, and nothing changes it during this loop.
    unsafe {
        let mut operand = mlirValueGetFirstUse(value.to_raw());
        while !mlirOpOperandIsNull(operand) {
            let owner = OperationRef::from_raw(mlirOpOperandGetOwner(operand));
            list.push((owner, mlirOpOperandGetOperandNumber(operand) as usize));
            operand = mlirOpOperandGetNextUse(operand);
        }
    }
    list
}

/// Whether a value is used at all.
pub fn has_uses(value: Value) -> bool {
    // SAFETY: the value is alive.
    unsafe { !mlirOpOperandIsNull(mlirValueGetFirstUse(value.to_raw())) }
}

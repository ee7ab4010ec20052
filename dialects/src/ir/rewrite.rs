use melior::ir::{
    Block, BlockLike, BlockRef, Location, OperationRef, RegionLike, Type, TypeLike, Value,
    ValueLike, operation::OperationLike,
};
use mlir_sys::{
    mlirBlockAppendOwnedOperation, mlirBlockEraseArgument, mlirBlockInsertArgument,
    mlirOperationRemoveFromParent, mlirValueReplaceAllUsesOfWith,
};

/// Makes a new block behind the block of `op` and moves `op` and all that follows it there.
/// The old block is left without a terminator. Values defined before `op` stay visible.
///
/// # Panics
///
/// When `op` is not in a block of a region.
pub fn split_block_before<'c, 'a>(op: OperationRef<'c, 'a>) -> BlockRef<'c, 'a> {
    let block = op.block().expect("an op to split at is in a block");
    let region = block
        .parent_region()
        .expect("a block to split is in a region");
    let rest = region.insert_block_after(block, Block::new(&[]));
    let mut next = Some(op);
    while let Some(op) = next {
        next = op.next_in_block();
        // SAFETY: the op is in a block; from there it moves to `rest`, which then owns it.
        unsafe {
            mlirOperationRemoveFromParent(op.to_raw());
            mlirBlockAppendOwnedOperation(rest.to_raw(), op.to_raw());
        }
    }
    rest
}

/// Uses `with` wherever `value` was used.
pub fn replace_uses<'c>(value: Value<'c, '_>, with: Value<'c, '_>) {
    // SAFETY: both values are alive.
    unsafe { mlirValueReplaceAllUsesOfWith(value.to_raw(), with.to_raw()) }
}

/// Inserts an argument into a block. The branches to the block are the caller's to complete.
pub fn insert_block_argument<'c, 'a>(
    block: BlockRef<'c, 'a>,
    index: usize,
    r#type: Type<'c>,
    location: Location<'c>,
) -> Value<'c, 'a> {
    // SAFETY: the block is alive and the index at most its number of arguments.
    unsafe {
        Value::from_raw(mlirBlockInsertArgument(
            block.to_raw(),
            index as isize,
            r#type.to_raw(),
            location.to_raw(),
        ))
    }
}

/// Removes an argument that has no uses left. The branches to the block are the caller's to shorten.
pub fn erase_block_argument(block: BlockRef, index: usize) {
    // SAFETY: the block is alive and has that argument.
    unsafe { mlirBlockEraseArgument(block.to_raw(), index as u32) }
}

//! What is inside an operation.

use mlir_sys::{
    MlirBlock, MlirOperation, MlirRegion, MlirValue, mlirBlockGetArgument,
    mlirBlockGetFirstOperation, mlirBlockGetNextInRegion, mlirBlockGetNumArguments,
    mlirOperationGetNextInBlock, mlirOperationGetNumRegions, mlirOperationGetNumResults,
    mlirOperationGetRegion, mlirOperationGetResult, mlirRegionGetFirstBlock,
};
use std::iter;

/// An operation with everything inside it.
pub struct Nested {
    /// The operation itself is the first.
    pub ops: Vec<MlirOperation>,
    pub blocks: Vec<MlirBlock>,
}

impl Nested {
    /// Of an operation that is alive.
    pub fn of(op: MlirOperation) -> Self {
        let mut nested = Self {
            ops: vec![op],
            blocks: Vec::new(),
        };
        let mut next = 0;
        while let Some(&op) = nested.ops.get(next) {
            next += 1;
            for block in regions(op).flat_map(blocks) {
                nested.blocks.push(block);
                nested.ops.extend(operations(block));
            }
        }
        nested
    }

    /// The results and block arguments.
    pub fn values(&self) -> impl Iterator<Item = MlirValue> {
        let results = self.ops.iter().copied().flat_map(results);
        results.chain(self.blocks.iter().copied().flat_map(arguments))
    }
}

/// The regions of an operation that is alive.
pub fn regions(op: MlirOperation) -> impl Iterator<Item = MlirRegion> {
    // SAFETY: the operation is alive and has that many regions.
    (0..unsafe { mlirOperationGetNumRegions(op) })
        .map(move |index| unsafe { mlirOperationGetRegion(op, index) })
}

/// The results of an operation that is alive.
pub fn results(op: MlirOperation) -> impl Iterator<Item = MlirValue> {
    // SAFETY: the operation is alive and has that many results.
    (0..unsafe { mlirOperationGetNumResults(op) })
        .map(move |index| unsafe { mlirOperationGetResult(op, index) })
}

/// The arguments of a block that is alive.
pub fn arguments(block: MlirBlock) -> impl Iterator<Item = MlirValue> {
    // SAFETY: the block is alive and has that many arguments.
    (0..unsafe { mlirBlockGetNumArguments(block) })
        .map(move |index| unsafe { mlirBlockGetArgument(block, index) })
}

/// The blocks of a region that is alive. Nothing may change them meanwhile.
pub fn blocks(region: MlirRegion) -> impl Iterator<Item = MlirBlock> {
    let some = |block: MlirBlock| (!block.ptr.is_null()).then_some(block);
    // SAFETY: the region is alive, and so are its blocks.
    iter::successors(
        some(unsafe { mlirRegionGetFirstBlock(region) }),
        move |block| some(unsafe { mlirBlockGetNextInRegion(*block) }),
    )
}

/// The operations of a block that is alive. Nothing may change them meanwhile.
pub fn operations(block: MlirBlock) -> impl Iterator<Item = MlirOperation> {
    let some = |op: MlirOperation| (!op.ptr.is_null()).then_some(op);
    // SAFETY: the block is alive, and so are its operations.
    iter::successors(
        some(unsafe { mlirBlockGetFirstOperation(block) }),
        move |op| some(unsafe { mlirOperationGetNextInBlock(*op) }),
    )
}

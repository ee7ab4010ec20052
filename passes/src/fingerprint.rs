//! A hash of a module's structure, to tell whether an upstream pass changed anything.

use melior::ir::{
    AttributeLike, BlockLike, Module, OperationRef, TypeLike, Value, ValueLike,
    operation::{OperationLike, WalkOrder, WalkResult},
};
use std::hash::{DefaultHasher, Hash, Hasher};

/// Equal for a module that was not touched. Addresses go into it: it is good within one process,
/// for one module, and nothing may be printed from it.
pub(crate) fn fingerprint(module: &Module) -> u64 {
    let mut hasher = DefaultHasher::new();
    module.as_operation().walk(WalkOrder::PreOrder, |op| {
        hash_operation(op, &mut hasher);
        WalkResult::Advance
    });
    hasher.finish()
}

fn hash_operation(op: OperationRef, hasher: &mut impl Hasher) {
    op.name()
        .as_string_ref()
        .as_str()
        .unwrap_or_default()
        .hash(hasher);
    (op.to_raw().ptr as usize).hash(hasher);
    for (name, attribute) in op.attributes() {
        (name.to_raw().ptr as usize).hash(hasher);
        // Attributes are uniqued, so that the address stands for the content.
        (attribute.to_raw().ptr as usize).hash(hasher);
    }
    op.operands().for_each(|value| hash_value(value, hasher));
    op.results()
        .for_each(|value| hash_value(value.into(), hasher));
    for block in op.successors() {
        (block.to_raw().ptr as usize).hash(hasher);
    }
    if let Some(block) = op.block() {
        (block.to_raw().ptr as usize).hash(hasher);
        block.argument_count().hash(hasher);
    }
}

fn hash_value(value: Value, hasher: &mut impl Hasher) {
    (value.to_raw().ptr as usize).hash(hasher);
    (value.r#type().to_raw().ptr as usize).hash(hasher);
}

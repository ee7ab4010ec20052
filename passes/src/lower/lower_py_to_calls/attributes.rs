//! Numbers in attributes of objects.
//!
//! ```mlir
//! // before
//! %is_float, %v = py.read_attr %x, 3 "y" : f64
//! %written = py.write_attr %w, %x, 3 "y" : f64
//! // after
//! %object = call @peek_attr(%x, %name, %cache) : (!llvm.ptr, !llvm.ptr, !llvm.ptr) -> !llvm.ptr
//! %v, %is_float = call @unbox_float(%object) : (!llvm.ptr) -> (f64, i1)
//! %written = call @write_attr_float(%x, %name, %cache_1, %w) : (!llvm.ptr, !llvm.ptr, !llvm.ptr, f64) -> i1
//! ```

use super::{
    emit::{Lowering, text},
    values::unboxed,
};
use crate::{
    cfg::name_of,
    cursor::{Cursor, result_of},
};
use melior::ir::{OperationRef, Value, ValueLike, operation::OperationLike};
use stepwell_abi::ATTRIBUTE_CACHE_WORDS;

/// Lowers an op of this family.
pub fn lower<'c, 'a>(lowering: &mut Lowering<'c, 'a, '_>, op: OperationRef<'c, 'a>) -> bool {
    let cursor = lowering.function.before(op);
    let lowered = match name_of(op) {
        "py.read_attr" => read(lowering, &cursor, op),
        "py.write_attr" => write(lowering, &cursor, op),
        _ => return false,
    };
    lowered.is_some()
}

/// The object, the name and the cache.
fn place<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
    object: Value<'c, 'a>,
) -> [Value<'c, 'a>; 3] {
    let name = lowering.reference(cursor, format!("name {}", text(op, "name")));
    [object, name, lowering.cache(cursor, ATTRIBUTE_CACHE_WORDS)]
}

fn read<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
) -> Option<()> {
    let ptr = lowering.types().ptr;
    let place = place(lowering, cursor, op, op.operand(0).ok()?);
    let found = lowering.call_helper(cursor, "peek_attr", &place, &[ptr]);
    let native = result_of(op, 1).r#type();
    let (value, ok) = unboxed(lowering, cursor, result_of(found, 0), native);
    lowering.replace(op, 0, ok);
    lowering.replace(op, 1, value);
    Some(())
}

fn write<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
) -> Option<()> {
    let types = lowering.types();
    let value = op.operand(0).ok()?;
    let helper = match value.r#type() {
        native if native == types.f64 => "write_attr_float",
        native if native == types.i64 => "write_attr_int",
        native if native == types.i1 => "write_attr_bool",
        _ => return None,
    };
    let place = place(lowering, cursor, op, op.operand(1).ok()?);
    let arguments = [&place[..], &[value]].concat();
    let call = lowering.call_helper(cursor, helper, &arguments, &[types.i1]);
    lowering.replace(op, 0, result_of(call, 0));
    Some(())
}

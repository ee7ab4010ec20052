//! Numbers in lists and tuples.
//!
//! ```mlir
//! // before
//! %ok, %items, %n = py.sequence %x as "list"
//! %is_float, %v = py.read_item %x, %items[%i] : f64
//! // after
//! %ok, %items, %n = call @list_items(%x) : (!llvm.ptr) -> (i1, i64, i64)
//! %base = llvm.inttoptr %items : i64 to !llvm.ptr
//! %place = llvm.getelementptr %base[%i] : (!llvm.ptr, i64) -> !llvm.ptr, !llvm.ptr
//! %item = call @load_item(%place) : (!llvm.ptr) -> !llvm.ptr
//! %v, %is_float = call @unbox_float(%item) : (!llvm.ptr) -> (f64, i1)
//! ```

use super::{
    emit::{Lowering, text, type_attribute},
    values::unboxed,
};
use crate::{
    cfg::name_of,
    cursor::{Cursor, result_of},
    transform::hoist_sequences::BORROWED,
};
use melior::ir::{OperationRef, Value, ValueLike, operation::OperationLike};

/// Lowers an op of this family.
pub fn lower<'c, 'a>(lowering: &mut Lowering<'c, 'a, '_>, op: OperationRef<'c, 'a>) -> bool {
    let cursor = lowering.function.before(op);
    let lowered = match name_of(op) {
        "py.sequence" => sequence(lowering, &cursor, op),
        "py.read_item" => read(lowering, &cursor, op),
        "py.load_item" => load(lowering, &cursor, op),
        "py.next_item" => next(lowering, &cursor, op),
        "py.write_item" => write(lowering, &cursor, op),
        _ => return false,
    };
    lowered.is_some()
}

fn sequence<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
) -> Option<()> {
    let types = lowering.types();
    let helper = match text(op, "kind") {
        "list" => "list_items",
        _ => "sequence_items",
    };
    let results = [types.i1, types.i64, types.i64];
    let call = lowering.call_helper(cursor, helper, &[op.operand(0).ok()?], &results);
    for index in 0..results.len() {
        lowering.replace(op, index, result_of(call, index));
    }
    Some(())
}

/// The address of an item.
fn place<'c, 'a>(
    lowering: &Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    items: Value<'c, 'a>,
    index: Value<'c, 'a>,
) -> Value<'c, 'a> {
    let ptr = lowering.types().ptr;
    let base = cursor.value("llvm.inttoptr", &[items], ptr, &[]);
    let attributes = [
        ("rawConstantIndices", cursor.i32_array(&[i32::MIN])),
        ("elem_type", type_attribute(ptr)),
    ];
    cursor.value("llvm.getelementptr", &[base, index], ptr, &attributes)
}

fn read<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
) -> Option<()> {
    let ptr = lowering.types().ptr;
    let place = place(lowering, cursor, op.operand(1).ok()?, op.operand(2).ok()?);
    let item = lowering.call_helper(cursor, "load_item", &[place], &[ptr]);
    let native = result_of(op, 1).r#type();
    let (value, ok) = unboxed(lowering, cursor, result_of(item, 0), native);
    lowering.replace(op, 0, ok);
    lowering.replace(op, 1, value);
    Some(())
}

fn load<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
) -> Option<()> {
    let ptr = lowering.types().ptr;
    let place = place(lowering, cursor, op.operand(1).ok()?, op.operand(2).ok()?);
    let item = result_of(
        lowering.call_helper(cursor, "load_item", &[place], &[ptr]),
        0,
    );
    if !op.has_attribute(BORROWED) {
        lowering.call_helper(cursor, "incref", &[item], &[]);
    }
    lowering.replace(op, 0, item);
    Some(())
}

/// The iterator moves on only when the item is a number of the type.
fn next<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
) -> Option<()> {
    let types = lowering.types();
    let iterator = op.operand(0).ok()?;
    let results = [types.i1, types.i1, types.ptr, types.i64];
    let peek = lowering.call_helper(cursor, "peek_item", &[iterator], &results);
    let native = result_of(op, 2).r#type();
    let (value, is_number) = unboxed(lowering, cursor, result_of(peek, 2), native);
    let both = [result_of(peek, 0), is_number];
    let ok = cursor.value("arith.andi", &both, types.i1, &[]);
    lowering.call_helper(
        cursor,
        "pass_item",
        &[iterator, result_of(peek, 3), ok],
        &[],
    );
    lowering.replace(op, 0, ok);
    lowering.replace(op, 1, result_of(peek, 1));
    lowering.replace(op, 2, value);
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
        native if native == types.f64 => "write_float",
        native if native == types.i64 => "write_int",
        native if native == types.i1 => "write_bool",
        _ => return None,
    };
    let place = place(lowering, cursor, op.operand(2).ok()?, op.operand(3).ok()?);
    let call = lowering.call_helper(cursor, helper, &[place, value], &[types.i1]);
    lowering.replace(op, 0, result_of(call, 0));
    Some(())
}

//! Numbers in attributes of objects and in cells.
//!
//! ```mlir
//! // before
//! %is_float, %v = py.read_attr %x, 3 "y" : f64
//! %written = py.write_attr %w, %x, 3 "y" : f64
//! // after
//! %found = call @peek_attr(%x, %name, %cache) : (!llvm.ptr, !llvm.ptr, !llvm.ptr) -> !llvm.ptr
//! %object = llvm.select %is_null, %none, %found : i1, !llvm.ptr
//! %v, %is_float = call @unbox_float(%object) : (!llvm.ptr) -> (f64, i1)
//! %place = call @attr_place(%x, %name, %cache_1) : (!llvm.ptr, !llvm.ptr, !llvm.ptr) -> !llvm.ptr
//! %written = call @write_at_float(%place, %w) : (!llvm.ptr, f64) -> i1
//! ```

use super::{
    emit::{Compare, Lowering, text},
    values::unboxed,
};
use crate::{
    cfg::name_of,
    cursor::{Cursor, result_of},
};
use melior::ir::{OperationRef, Value, ValueLike, operation::OperationLike};
use stepwell_abi::{ATTRIBUTE_CACHE_WORDS, layout};

/// Lowers an op of this family.
pub fn lower<'c, 'a>(lowering: &mut Lowering<'c, 'a, '_>, op: OperationRef<'c, 'a>) -> bool {
    let cursor = lowering.function.before(op);
    let lowered = match name_of(op) {
        "py.read_attr" => read_attribute(lowering, &cursor, op),
        "py.peek_attr" => peek_attribute(lowering, &cursor, op),
        "py.poke_attr" => poke_attribute(lowering, &cursor, op),
        "py.write_attr" => write_attribute(lowering, &cursor, op),
        "py.read_deref" => read_cell(lowering, &cursor, op),
        "py.write_deref" => write_cell(lowering, &cursor, op),
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

/// What the object has itself, borrowed, or null.
fn find<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
) -> Option<Value<'c, 'a>> {
    let ptr = lowering.types().ptr;
    let place = place(lowering, cursor, op, op.operand(0).ok()?);
    let found = lowering.call_helper(cursor, "peek_attr", &place, &[ptr]);
    Some(result_of(found, 0))
}

fn read_attribute<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
) -> Option<()> {
    let found = find(lowering, cursor, op)?;
    read(lowering, cursor, op, found);
    Some(())
}

fn read_cell<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
) -> Option<()> {
    let place = contents(lowering, cursor, op.operand(0).ok()?);
    let found = lowering.load(cursor, lowering.types().ptr, place);
    read(lowering, cursor, op, found);
    Some(())
}

/// Reads the number that an object is. `None` stands for one that is not there, since it is no number.
fn read<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
    found: Value<'c, 'a>,
) {
    let none = lowering.symbol(cursor, "_Py_NoneStruct");
    let missing = lowering.is_null(cursor, found);
    let ptr = lowering.types().ptr;
    let object = cursor.value("llvm.select", &[missing, none, found], ptr, &[]);
    let native = result_of(op, 1).r#type();
    let (value, ok) = unboxed(lowering, cursor, object, native);
    lowering.replace(op, 0, ok);
    lowering.replace(op, 1, value);
}

fn peek_attribute<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
) -> Option<()> {
    let found = find(lowering, cursor, op)?;
    lowering.call_helper(cursor, "xincref", &[found], &[]);
    let null = lowering.null(cursor);
    let ok = lowering.compare(cursor, Compare::Ne, found, null);
    lowering.replace(op, 0, ok);
    lowering.replace(op, 1, found);
    Some(())
}

fn poke_attribute<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
) -> Option<()> {
    let i1 = lowering.types().i1;
    let [object, name, cache] = place(lowering, cursor, op, op.operand(0).ok()?);
    let arguments = [object, name, op.operand(1).ok()?, cache];
    let call = lowering.call_helper(cursor, "poke_attr", &arguments, &[i1]);
    lowering.replace(op, 0, result_of(call, 0));
    Some(())
}

fn write_attribute<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
) -> Option<()> {
    let ptr = lowering.types().ptr;
    let place = place(lowering, cursor, op, op.operand(1).ok()?);
    let found = lowering.call_helper(cursor, "attr_place", &place, &[ptr]);
    write(lowering, cursor, op, result_of(found, 0))
}

fn write_cell<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
) -> Option<()> {
    let place = contents(lowering, cursor, op.operand(1).ok()?);
    write(lowering, cursor, op, place)
}

/// The place in a cell.
fn contents<'c, 'a>(
    lowering: &Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    cell: Value<'c, 'a>,
) -> Value<'c, 'a> {
    lowering.at(cursor, cell, layout::CELL_CONTENTS)
}

/// Writes a number to a place that can be null, or hold null.
fn write<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
    place: Value<'c, 'a>,
) -> Option<()> {
    let types = lowering.types();
    let value = op.operand(0).ok()?;
    let helper = match value.r#type() {
        native if native == types.f64 => "write_at_float",
        native if native == types.i64 => "write_at_int",
        native if native == types.i1 => "write_at_bool",
        _ => return None,
    };
    let call = lowering.call_helper(cursor, helper, &[place, value], &[types.i1]);
    lowering.replace(op, 0, result_of(call, 0));
    Some(())
}

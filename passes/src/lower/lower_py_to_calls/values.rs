//! Constants, boxes, references, identity.

use super::{
    emit::{Compare, Lowering, integer, is_any, text},
    frameless, natives,
};
use crate::{
    cfg::{name_of, operand_of},
    cursor::{Cursor, Weights, result_of},
};
use melior::ir::{
    Block, BlockLike, OperationRef, RegionLike, Type, Value, ValueLike, operation::OperationLike,
};
use stepwell_abi as abi;
use stepwell_dialects::ir::split_block_before;

/// Lowers an op of this family.
pub fn lower<'c, 'a>(lowering: &mut Lowering<'c, 'a, '_>, op: OperationRef<'c, 'a>) -> bool {
    let cursor = lowering.function.before(op);
    let value = match name_of(op) {
        "py.null" => lowering.null(&cursor),
        "py.none" => lowering.symbol(&cursor, "_Py_NoneStruct"),
        "py.constant" => lowering.reference(&cursor, format!("const {}", integer(op, "index"))),
        "py.load_assertion_error" => exception(lowering, &cursor, "PyExc_AssertionError"),
        "py.is" => identity(lowering, &cursor, op),
        "py.is_symbol" => is_symbol(lowering, &cursor, op),
        "py.box" => {
            box_value(lowering, op);
            return true;
        }
        "py.convert" => {
            natives::convert(lowering, &cursor, op);
            return true;
        }
        "py.method" => lowering.reference(&cursor, format!("method {}", text(op, "name"))),
        "py.known" => lowering.reference(&cursor, format!("global {}", text(op, "name"))),
        "py.try_unbox" => {
            unbox(lowering, &cursor, op);
            return true;
        }
        "py.incref" | "py.decref" => {
            count(lowering, &cursor, op);
            return true;
        }
        _ => return false,
    };
    lowering.replace(op, 0, value);
    true
}

/// The variable of an exception holds a pointer to its class.
fn exception<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    symbol: &str,
) -> Value<'c, 'a> {
    let variable = lowering.symbol(cursor, symbol);
    lowering.load_invariant(cursor, lowering.types().ptr, variable)
}

fn identity<'c, 'a>(
    lowering: &Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
) -> Value<'c, 'a> {
    let objects = lowering.objects(op);
    lowering.compare(cursor, Compare::Eq, objects[0], objects[1])
}

fn is_symbol<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
) -> Value<'c, 'a> {
    let symbol = text(op, "symbol");
    let expected = if symbol.starts_with("PyExc_") {
        exception(lowering, cursor, symbol)
    } else if symbol.starts_with("builtin ") {
        lowering.reference(cursor, symbol.to_owned())
    } else {
        lowering.symbol(cursor, symbol)
    };
    let object = lowering.objects(op)[0];
    lowering.compare(cursor, Compare::Eq, object, expected)
}

fn count<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
) {
    let helper = match (
        is_any(op, &["py.incref"]),
        op.attribute("maybe_null").is_ok(),
    ) {
        (true, false) => "incref",
        (true, true) => "xincref",
        (false, false) => "decref",
        (false, true) => "xdecref",
    };
    let object = lowering.objects(op);
    lowering.call_helper(cursor, helper, &object, &[]);
}

fn box_value<'c, 'a>(lowering: &mut Lowering<'c, 'a, '_>, op: OperationRef<'c, 'a>) {
    let Ok(value) = op.operand(0) else { return };
    let function = lowering.function;
    let Some(bound) = operand_of(op, 1) else {
        let boxed = boxed(lowering, &function.before(op), value);
        lowering.replace(op, 0, boxed);
        return;
    };
    let before = op.block().expect("the op is in a block");
    let rest = split_block_before(op);
    let result = rest.add_argument(lowering.types().ptr, op.location());
    let unbound = function.region.insert_block_after(before, Block::new(&[]));
    let cursor = function.at_end(unbound, op.location());
    let null = lowering.null(&cursor);
    cursor.jump(rest, &[null]);
    let making = function.region.insert_block_after(before, Block::new(&[]));
    let cursor = function.at_end(making, op.location());
    let object = boxed(lowering, &cursor, value);
    cursor.jump(rest, &[object]);
    function
        .at_end(before, op.location())
        .choose(bound, making, unbound, Weights::Hot);
    lowering.replace(op, 0, result);
}

/// The object of a number.
pub fn boxed<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    value: Value<'c, 'a>,
) -> Value<'c, 'a> {
    let types = lowering.types();
    let native = value.r#type();
    let (symbol, arguments) = if let Some(object) = natives::boxed(lowering, cursor, value) {
        return object;
    } else if native == types.i64 {
        let made = lowering.call_helper(cursor, "box_int", &[value], &[types.ptr]);
        return result_of(made, 0);
    } else if native == types.f64 {
        ("sw_box_float", vec![value])
    } else if native == types.i1 {
        return boxed_bool(lowering, cursor, value);
    } else {
        let part = |name| cursor.value(name, &[value], types.f64, &[]);
        (
            "PyComplex_FromDoubles",
            vec![part("complex.re"), part("complex.im")],
        )
    };
    let row = abi::function(symbol).expect("the table has the functions that box");
    lowering
        .call(cursor, row, &arguments)
        .expect("boxes are results")
}

fn boxed_bool<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    value: Value<'c, 'a>,
) -> Value<'c, 'a> {
    let yes = lowering.symbol(cursor, "_Py_TrueStruct");
    let no = lowering.symbol(cursor, "_Py_FalseStruct");
    cursor.value("llvm.select", &[value, yes, no], lowering.types().ptr, &[])
}

fn unbox<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
) {
    let types = lowering.types();
    let object = lowering.objects(op)[0];
    if let Some(number) = frameless::known_number(lowering, object) {
        let ok = lowering.int(cursor, types.i1, 1);
        lowering.replace(op, 0, number);
        return lowering.replace(op, 1, ok);
    }
    let (value, ok) = unboxed(lowering, cursor, object, result_of(op, 0).r#type());
    lowering.replace(op, 0, value);
    lowering.replace(op, 1, ok);
}

/// The number that an object is, and whether it is one of that type.
pub fn unboxed<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    object: Value<'c, 'a>,
    native: Type<'c>,
) -> (Value<'c, 'a>, Value<'c, 'a>) {
    let types = lowering.types();
    if native == types.i64 {
        let new = lowering.call_helper(cursor, "unbox_int", &[object], &[types.i64, types.i1]);
        (result_of(new, 0), result_of(new, 1))
    } else if native == types.f64 {
        let new = lowering.call_helper(cursor, "unbox_float", &[object], &[types.f64, types.i1]);
        (result_of(new, 0), result_of(new, 1))
    } else if native == types.i1 {
        unbox_bool(lowering, cursor, object)
    } else {
        let new = lowering.call_helper(
            cursor,
            "unbox_complex",
            &[object],
            &[types.f64, types.f64, types.i1],
        );
        let parts = [result_of(new, 0), result_of(new, 1)];
        (
            cursor.value("complex.create", &parts, types.complex, &[]),
            result_of(new, 2),
        )
    }
}

/// There are two `bool` objects.
fn unbox_bool<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    object: Value<'c, 'a>,
) -> (Value<'c, 'a>, Value<'c, 'a>) {
    let yes = lowering.symbol(cursor, "_Py_TrueStruct");
    let no = lowering.symbol(cursor, "_Py_FalseStruct");
    let is_true = lowering.compare(cursor, Compare::Eq, object, yes);
    let is_false = lowering.compare(cursor, Compare::Eq, object, no);
    let ok = cursor.value("arith.ori", &[is_true, is_false], lowering.types().i1, &[]);
    (is_true, ok)
}

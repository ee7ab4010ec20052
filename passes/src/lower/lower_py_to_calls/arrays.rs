//! Elements of arrays, and boxes that are scalars of NumPy.

use super::emit::{Lowering, text, type_attribute};
use crate::{cfg::name_of, cursor::Cursor};
use melior::ir::{
    OperationRef, Type, Value, ValueLike, operation::OperationLike, r#type::IntegerType,
};
use stepwell_abi::{self as abi, ArrayType, Element};

/// Lowers an op of this family.
pub fn lower<'c, 'a>(lowering: &mut Lowering<'c, 'a, '_>, op: OperationRef<'c, 'a>) -> bool {
    let cursor = lowering.function.before(op);
    let lowered = match name_of(op) {
        "py.describe" => describe(lowering, &cursor, op),
        "py.read_scalar" => read_scalar(lowering, &cursor, op),
        "py.element" => element(lowering, &cursor, op),
        "py.set_element" => set_element(lowering, &cursor, op),
        "py.box_numpy" => box_numpy(lowering, &cursor, op),
        _ => return false,
    };
    lowered.is_some()
}

/// How many words `py.describe` writes.
pub fn described(op: OperationRef) -> usize {
    op.result_count().saturating_sub(1)
}

fn describe<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
) -> Option<()> {
    let array: ArrayType = text(op, "array").parse().ok()?;
    let types = lowering.types();
    let number = lowering.int(cursor, types.i64, array.number());
    let row = abi::function("sw_describe")?;
    let arguments = [op.operand(0).ok()?, number, lowering.scratch];
    let answer = lowering.call(cursor, row, &arguments)?;
    let one = lowering.int(cursor, types.i32, 1);
    let ok = lowering.compare(cursor, super::emit::Compare::Eq, answer, one);
    lowering.replace(op, 0, ok);
    for index in 1..op.result_count() {
        let place = lowering.scratch(cursor, index - 1);
        let field = lowering.load(cursor, types.i64, place);
        lowering.replace(op, index, field);
    }
    Some(())
}

fn read_scalar<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
) -> Option<()> {
    let element = Element::from_word(text(op, "element"))?;
    let types = lowering.types();
    let number = lowering.int(cursor, types.i32, element as i64);
    let row = abi::function("sw_read_scalar")?;
    let answer = lowering.call(
        cursor,
        row,
        &[op.operand(0).ok()?, number, lowering.scratch],
    )?;
    let one = lowering.int(cursor, types.i32, 1);
    let ok = lowering.compare(cursor, super::emit::Compare::Eq, answer, one);
    lowering.replace(op, 0, ok);
    let r#type = op.result(1).ok()?.r#type();
    let value = match r#type == types.i1 {
        true => {
            let wide = lowering.load(cursor, types.i64, lowering.scratch);
            cursor.value("arith.trunci", &[wide], types.i1, &[])
        }
        false => lowering.load(cursor, r#type, lowering.scratch),
    };
    lowering.replace(op, 1, value);
    Some(())
}

/// The type of an element in memory.
fn memory_type<'c>(cursor: &Cursor<'c, '_>, element: Element) -> Type<'c> {
    match element {
        Element::F64 => cursor.types.f64,
        Element::F32 => Type::float32(cursor.context),
        element => IntegerType::new(cursor.context, 8 * element.size() as u32).into(),
    }
}

/// The address `offset` bytes behind `data`, which is a number up to here.
fn address<'c, 'a>(
    lowering: &Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    data: Value<'c, 'a>,
    offset: Value<'c, 'a>,
) -> Value<'c, 'a> {
    let ptr = lowering.types().ptr;
    let base = cursor.value("llvm.inttoptr", &[data], ptr, &[]);
    let byte = IntegerType::new(cursor.context, 8).into();
    let attributes = [
        ("rawConstantIndices", cursor.i32_array(&[i32::MIN])),
        ("elem_type", type_attribute(byte)),
    ];
    cursor.value("llvm.getelementptr", &[base, offset], ptr, &attributes)
}

fn element<'c, 'a>(
    lowering: &Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
) -> Option<()> {
    let element = Element::from_word(text(op, "element"))?;
    let place = address(lowering, cursor, op.operand(1).ok()?, op.operand(2).ok()?);
    let read = lowering.load(cursor, memory_type(cursor, element), place);
    let types = lowering.types();
    let cast = |name, r#type| cursor.value(name, &[read], r#type, &[]);
    let value = match element {
        Element::F64 | Element::I64 => read,
        Element::F32 => cast("arith.extf", types.f64),
        Element::Bool => {
            let zero = lowering.int(cursor, memory_type(cursor, element), 0);
            lowering.compare(cursor, super::emit::Compare::Ne, read, zero)
        }
        element if element.is_signed() => cast("arith.extsi", types.i64),
        _ => cast("arith.extui", types.i64),
    };
    lowering.replace(op, 0, value);
    Some(())
}

fn set_element<'c, 'a>(
    lowering: &Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
) -> Option<()> {
    let element = Element::from_word(text(op, "element"))?;
    let value = op.operand(0).ok()?;
    let place = address(lowering, cursor, op.operand(2).ok()?, op.operand(3).ok()?);
    let memory = memory_type(cursor, element);
    let written = match element {
        Element::F64 | Element::I64 => value,
        Element::F32 => cursor.value("arith.truncf", &[value], memory, &[]),
        Element::Bool => cursor.value("arith.extui", &[value], memory, &[]),
        _ => cursor.value("arith.trunci", &[value], memory, &[]),
    };
    lowering.store(cursor, written, place);
    Some(())
}

fn box_numpy<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
) -> Option<()> {
    let element = Element::from_word(text(op, "element"))?;
    let types = lowering.types();
    let operands: Vec<_> = op.operands().collect();
    let [value, bound, scalar] = operands[..] else {
        return None;
    };
    let widen = |value: Value<'c, 'a>, r#type| cursor.value("arith.extui", &[value], r#type, &[]);
    let (symbol, value) = match value.r#type() {
        float if float == types.f64 => ("sw_box_numpy_float", value),
        flag if flag == types.i1 => ("sw_box_numpy_integer", widen(value, types.i64)),
        _ => ("sw_box_numpy_integer", value),
    };
    let number = lowering.int(cursor, types.i32, element as i64);
    let arguments = [
        value,
        number,
        widen(bound, types.i32),
        widen(scalar, types.i32),
    ];
    let made = lowering.call(cursor, abi::function(symbol)?, &arguments)?;
    lowering.replace(op, 0, made);
    Some(())
}

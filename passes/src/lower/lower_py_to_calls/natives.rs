//! Arguments and results of modes whose natives are more than Python's numbers.

use super::emit::{Compare, Lowering, integer, text};
use crate::cursor::Cursor;
use melior::ir::{OperationRef, Type, Value, ValueLike, attribute::IntegerAttribute};
use stepwell_abi as abi;

/// How many pointers are as large as the largest native.
pub const WORDS: usize = 4;

/// `py.convert`: the runtime writes the native into the scratch array.
pub fn convert<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
) {
    let types = lowering.types();
    let mode = text(op, "mode");
    let kind = abi::CONVERSIONS
        .iter()
        .position(|(known, _)| *known == mode);
    let kind = lowering.int(cursor, types.i32, kind.unwrap_or_default() as i64);
    let slot = lowering.int(cursor, types.i32, integer(op, "slot"));
    let object = lowering.objects(op)[0];
    let out = lowering.scratch(cursor, 0);
    let row = abi::function("sw_convert").expect("the table has the conversion");
    let arguments = [lowering.frame, object, slot, kind, out];
    let Some(status) = lowering.call(cursor, row, &arguments) else {
        return;
    };
    let zero = lowering.int(cursor, types.i32, 0);
    let failed = lowering.compare(cursor, Compare::Slt, status, zero);
    let native = op.result(0).map(|result| Value::from(result).r#type());
    if let Ok(native) = native {
        let value = load(lowering, cursor, native, out);
        lowering.replace(op, 0, value);
    }
    lowering.replace_raised(op, failed);
}

fn load<'c, 'a>(
    lowering: &Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    native: Type<'c>,
    from: Value<'c, 'a>,
) -> Value<'c, 'a> {
    let types = lowering.types();
    if native == types.complex {
        let second = lowering.scratch(cursor, 1);
        let parts = [from, second].map(|place| lowering.load(cursor, types.f64, place));
        return cursor.value("complex.create", &parts, native, &[]);
    }
    cursor.value("llvm.load", &[from], native, &[alignment(cursor)])
}

/// The scratch array is aligned for pointers, and not for vectors.
fn alignment<'c>(cursor: &Cursor<'c, '_>) -> (&'static str, melior::ir::Attribute<'c>) {
    (
        "alignment",
        IntegerAttribute::new(cursor.types.i64, 8).into(),
    )
}

/// The object of a native that is no number of Python's, and of integers without a sign.
pub fn boxed<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    value: Value<'c, 'a>,
) -> Option<Value<'c, 'a>> {
    let types = lowering.types();
    let native = value.r#type();
    let (symbol, arguments) = match () {
        () if native == types.i64 && lowering.nosign => ("sw_box_unsigned", vec![value]),
        () if native == types.optional => {
            let parts = [(0, types.i64), (1, types.f64)];
            let parts = parts.map(|(index, part)| member(cursor, value, index, part));
            ("sw_box_optional", parts.to_vec())
        }
        () if native == types.pointer => {
            let address = member(cursor, value, 0, types.ptr);
            let address = cursor.value("llvm.ptrtoint", &[address], types.i64, &[]);
            ("sw_box_unsigned", vec![address])
        }
        () => {
            let lanes = [types.vec4f, types.vec8i, types.mask4, types.mask8];
            let kind = lanes.iter().position(|lanes| *lanes == native)? as i64;
            let out = lowering.scratch(cursor, 0);
            let bytes = bytes(cursor, value, kind);
            cursor.op("llvm.store", &[bytes, out], &[], &[alignment(cursor)]);
            let kind = lowering.int(cursor, types.i32, kind);
            ("sw_box_lanes", vec![lowering.frame, out, kind])
        }
    };
    let row = abi::function(symbol).expect("the table has the functions that box");
    lowering.call(cursor, row, &arguments)
}

fn member<'c, 'a>(
    cursor: &Cursor<'c, 'a>,
    record: Value<'c, 'a>,
    index: i64,
    part: Type<'c>,
) -> Value<'c, 'a> {
    let position = melior::ir::attribute::DenseI64ArrayAttribute::new(cursor.context, &[index]);
    cursor.value(
        "llvm.extractvalue",
        &[record],
        part,
        &[("position", position.into())],
    )
}

/// Truth values take a byte each in memory.
fn bytes<'c, 'a>(cursor: &Cursor<'c, 'a>, value: Value<'c, 'a>, kind: i64) -> Value<'c, 'a> {
    let byte = melior::ir::r#type::IntegerType::new(cursor.context, 8).into();
    let count = match kind {
        2 => 4,
        3 => 8,
        _ => return value,
    };
    cursor.value("arith.extui", &[value], Type::vector(&[count], byte), &[])
}

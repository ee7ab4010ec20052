//! Reading ops: names, attributes, who made a value.

use melior::ir::{
    Attribute, OperationRef, Value, ValueLike,
    attribute::{AttributeLike, IntegerAttribute, StringAttribute},
    operation::OperationLike,
    r#type::IntegerType,
};
use mlir_sys::{mlirIdentifierStr, mlirStringAttrGetValue};

/// The full name of an op, `py.binary`.
pub fn op_name<'c>(op: OperationRef<'c, '_>) -> &'c str {
    // SAFETY: the context owns the text of identifiers as long as it lives.
    let bytes: &'c [u8] = unsafe {
        let text = mlirIdentifierStr(op.name().to_raw());
        std::slice::from_raw_parts(text.data.cast(), text.length)
    };
    match bytes.is_ascii() {
        // SAFETY: what is ASCII is UTF-8. Names are asked for all the time, and this is the quickest way to find out.
        true => unsafe { std::str::from_utf8_unchecked(bytes) },
        false => std::str::from_utf8(bytes).unwrap_or_default(),
    }
}

/// An integer or enumeration attribute.
pub fn int_attribute(op: OperationRef, name: &str) -> Option<i64> {
    let attribute = IntegerAttribute::try_from(op.attribute(name).ok()?).ok()?;
    Some(attribute.value())
}

/// A string attribute.
pub fn str_attribute<'c>(op: OperationRef<'c, '_>, name: &str) -> Option<&'c str> {
    string(op.attribute(name).ok()?)
}

/// The text of a string attribute. It may be empty, which melior's own accessor does not expect.
pub fn string<'c>(attribute: Attribute<'c>) -> Option<&'c str> {
    let attribute = StringAttribute::try_from(attribute).ok()?;
    // SAFETY: it is a string attribute, and the context owns its text as long as it lives.
    let bytes: &'c [u8] = unsafe {
        let text = mlirStringAttrGetValue(attribute.to_raw());
        if text.length == 0 {
            return Some("");
        }
        std::slice::from_raw_parts(text.data.cast(), text.length)
    };
    std::str::from_utf8(bytes).ok()
}

/// The op that a value is a result of; none for a block argument.
pub fn defining_op<'c, 'a>(value: Value<'c, 'a>) -> Option<OperationRef<'c, 'a>> {
    let result = value.is_operation_result().then_some(value)?;
    // SAFETY: the owner of a live result is alive, in the same module as the value.
    Some(unsafe { OperationRef::from_raw(mlir_sys::mlirOpResultGetOwner(result.to_raw())) })
}

/// The op of that name that a value is a result of.
pub fn defined_by<'c, 'a>(value: Value<'c, 'a>, name: &str) -> Option<OperationRef<'c, 'a>> {
    defining_op(value).filter(|op| op_name(*op) == name)
}

/// The integer that a `py.constant` is.
pub fn integer_constant(value: Value) -> Option<i64> {
    let constant = defined_by(value, "py.constant")?.attribute("value").ok()?;
    let integer = IntegerAttribute::try_from(constant).ok()?;
    // The value of anything else than an integer type is a bool.
    let bits = IntegerType::try_from(integer.r#type()).ok()?.width();
    (bits > 1).then(|| integer.value())
}

/// The integer that an `arith.constant` is.
pub fn arith_constant(value: Value) -> Option<i64> {
    let constant = defined_by(value, "arith.constant")?
        .attribute("value")
        .ok()?;
    Some(IntegerAttribute::try_from(constant).ok()?.value())
}

/// A result as a value.
pub fn result<'c, 'a>(op: OperationRef<'c, 'a>, index: usize) -> Option<Value<'c, 'a>> {
    // Asked first, because the error of an index out of range prints the op.
    let index = Some(index).filter(|index| *index < op.result_count())?;
    op.result(index).ok().map(Value::from)
}

/// The address that identifies a value.
pub fn value_key(value: Value) -> usize {
    value.to_raw().ptr as usize
}

/// The address that identifies an op.
pub fn op_key(op: OperationRef) -> usize {
    op.to_raw().ptr as usize
}

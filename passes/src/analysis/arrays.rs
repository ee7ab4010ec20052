//! What Python code does with arrays: which op of `py` reads or writes elements, or asks for the shape.

use super::{
    fact::Kind,
    numbers::{arguments, called_global},
};
use crate::inspect::defined_by;
use melior::ir::{OperationRef, Value, operation::OperationLike};
use stepwell_abi::ArrayType;

/// The indices that a subscript consists of: the items of a tuple that is written there, or the value itself.
pub fn indices<'c: 'a, 'a>(subscript: Value<'c, 'a>) -> Vec<Value<'c, 'a>> {
    match defined_by(subscript, "py.build_tuple") {
        Some(tuple) => {
            let items = tuple.operand_count().saturating_sub(1);
            tuple.operands().take(items).collect()
        }
        None => vec![subscript],
    }
}

/// Whether subscripts of these kinds select an element of an array.
pub fn selects_element(array: ArrayType, indices: &[Kind]) -> bool {
    indices.len() == usize::from(array.rank) && indices.iter().all(|kind| kind.is_index())
}

/// The kind of an attribute of an array.
pub fn attribute(array: ArrayType, name: &str) -> Option<Kind> {
    match name {
        "shape" => Some(Kind::Shape(array)),
        "size" | "ndim" => Some(Kind::Int),
        _ => None,
    }
}

/// The argument of a call of the builtin `len`, as far as the name of the global tells.
pub fn length_of<'c, 'a>(call: OperationRef<'c, 'a>) -> Option<Value<'c, 'a>> {
    defined_by(call.operand(1).ok()?, "py.null")?;
    let plain = called_global(call) == Some("len") && !call.has_attribute("kwnames");
    match arguments(call)[..] {
        [one] if plain => Some(one),
        _ => None,
    }
}

//! What Python code does with arrays (of NumPy, and others that have numbers in memory): which op of `py` reads or writes
//! elements, or asks for the shape.

use super::{
    expectations,
    fact::Kind,
    numbers::{arguments, called_global},
};
use crate::{
    cfg::owner_block,
    inspect::{defined_by, defining_op, op_name, result},
};
use melior::ir::{OperationRef, Value, ValueLike, operation::OperationLike};
use stepwell_abi::{ArrayType, Element, Source};
use stepwell_dialects::ir::{Types, operations};

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

/// Whether a subscript whose indices are of these kinds selects an element of an array. Only NumPy's take a tuple.
pub fn selects_element(array: ArrayType, subscript: Value, indices: &[Kind]) -> bool {
    let takes = array.is_numpy() || defined_by(subscript, "py.build_tuple").is_none();
    takes && indices.len() == usize::from(array.rank) && indices.iter().all(|kind| kind.is_index())
}

/// What the elements of an array are to Python.
pub fn item(array: ArrayType) -> Kind {
    match Kind::Scalar(array.element) {
        scalar if array.is_numpy() => scalar,
        scalar => scalar.number(),
    }
}

/// Whether a loop over an array goes from element to element. That over a `memoryview` may have to end, which only its own
/// iterator can tell, at one that was released.
pub fn is_row(array: ArrayType) -> bool {
    array.rank == 1 && array.source != Source::MemoryView
}

/// Whether a number of that kind can be assigned to an element of an array: what an array of the interpreter's would not
/// take raises there.
pub fn takes(array: ArrayType, number: Kind) -> bool {
    let element = array.element;
    match number.number() {
        Kind::Complex => false,
        _ if array.is_numpy() => true,
        Kind::Float => element.is_float() || element == Element::Bool,
        Kind::Int => true,
        Kind::Bool => number == Kind::Bool,
        _ => false,
    }
}

/// The kind of an attribute of an array.
pub fn attribute(array: ArrayType, name: &str) -> Option<Kind> {
    match name {
        _ if !array.is_numpy() => None,
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

/// Where a value can first be looked at.
#[derive(Clone, Copy, Debug)]
pub struct FirstState<'c, 'a> {
    /// The look goes in front of this op.
    pub before: OperationRef<'c, 'a>,
    /// The op whose frame state it leaves at.
    holder: OperationRef<'c, 'a>,
}

impl<'c, 'a> FirstState<'c, 'a> {
    /// The frame state to leave at.
    pub fn state(&self) -> Option<Value<'c, 'a>> {
        self.holder.operands().last()
    }
}

/// Where a value is first seen by an op that has a frame state: in front of that op, or behind it if it is a poll.
pub fn first_state<'c, 'a>(types: &Types<'c>, object: Value<'c, 'a>) -> Option<FirstState<'c, 'a>> {
    let mut behind = match defining_op(object) {
        Some(op) => {
            let first = expectations::place(op)?.before;
            std::iter::successors(Some(first), |op| op.next_in_block()).collect()
        }
        None => operations(owner_block(object)),
    }
    .into_iter();
    behind.find_map(|holder| {
        let state = holder.operands().last()?;
        (state.r#type() == types.state).then_some(())?;
        let is_poll = op_name(holder) == "py.poll";
        let before = match is_poll && result(holder, 0).is_none() {
            true => holder.next_in_block()?,
            false => holder,
        };
        (!is_poll || before != holder).then_some(FirstState { before, holder })
    })
}

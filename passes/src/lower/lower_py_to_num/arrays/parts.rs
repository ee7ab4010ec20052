//! Tuples that only the interpreter needs: of numbers, of the indices of an element, and the shape.

use super::super::Lowering;
use crate::{
    analysis::frame_state::LAZY,
    builder::erase,
    inspect::{op_name, result},
};
use melior::ir::{Attribute, OperationRef, Value, ValueLike, operation::OperationLike};
use stepwell_dialects::ir::{has_uses, replace_uses, uses};

impl<'c, 'a> Lowering<'c, 'a> {
    /// Drops what nothing needs any more. A tuple of indices that frame states name is made where they are taken.
    pub(in super::super) fn drop_parts(&self) {
        let mut done: Vec<OperationRef> = Vec::new();
        for part in &self.arrays.parts {
            if !done.contains(part) && self.drop_part(*part).is_some() {
                done.push(*part);
            }
        }
    }

    fn drop_part(&self, part: OperationRef<'c, 'a>) -> Option<()> {
        let value = result(part, 0)?;
        let states: Vec<_> = uses(value).into_iter().map(|(user, _)| user).collect();
        let waits = |user: &OperationRef<'c, 'a>| {
            matches!(op_name(*user), "py.frame_state" | "py.tuple_iterator")
        };
        if !states.iter().all(waits) {
            return None;
        }
        let taken = |state: &OperationRef<'c, 'a>| result(*state, 0).is_some_and(has_uses);
        if op_name(part) == "py.build_tuple" {
            replace_uses(value, self.lazy_tuple(part)?);
        } else if states.iter().any(taken) {
            return None;
        } else {
            let null = self.builder(part).value("py.null", &[], self.types.object);
            replace_uses(value, null);
        }
        self.never_raises(part);
        erase(part);
        Some(())
    }

    /// The tuple again, without a failure: where it is made, its own edge is made too.
    fn lazy_tuple(&self, tuple: OperationRef<'c, 'a>) -> Option<Value<'c, 'a>> {
        let builder = self.builder(tuple);
        let object = |value: Value<'c, 'a>| match self.native(value) {
            _ if value.r#type() != self.types.object || is_number(value) => Some(value),
            // The box is as good as the argument, where nothing is an object.
            Some(native) if self.is_strict => Some(super::super::values::boxed(native, &builder)),
            _ => None,
        };
        let operands = tuple.operands().map(object);
        let operands = operands.collect::<Option<Vec<_>>>()?;
        let lazy = [(LAZY, Attribute::unit(self.context))];
        let made = builder.op("py.build_tuple", &operands, &[self.types.object], &lazy);
        result(made, 0)
    }
}

/// Whether an object is made of a native value, or is a constant.
fn is_number(value: Value) -> bool {
    let names = ["py.box", "py.box_numpy", "py.constant"];
    crate::inspect::defining_op(value).is_some_and(|op| names.contains(&op_name(op)))
}

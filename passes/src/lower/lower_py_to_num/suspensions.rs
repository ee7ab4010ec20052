//! The locals of generators and coroutines, which are read from the frame where a step begins.

use super::{Lowering, Native};
use crate::{
    analysis::{frame_state::frame_state, suspensions::behind_loads},
    inspect::{int_attribute, op_key, op_name, result, value_key},
};
use melior::ir::{
    Attribute, BlockLike, Operation, OperationRef, Value,
    attribute::{DenseI32ArrayAttribute, IntegerAttribute},
    operation::OperationLike,
};
use stepwell_dialects::ir::operations;

impl<'c, 'a> Lowering<'c, 'a> {
    /// A local that most likely is a number is unboxed behind the reads of all; the frame keeps the object.
    pub(super) fn load_local(&mut self, load: OperationRef<'c, 'a>) {
        let Some(kind) = self.native_kind(load) else {
            return;
        };
        let (Some(object), Some(native), Some((before, state))) = (
            result(load, 0),
            kind.native_type(&self.types),
            self.step_of(load),
        ) else {
            return;
        };
        let guess = [("py.guess", Attribute::unit(self.context))];
        let check = self
            .builder(before)
            .op("py.unbox", &[object, state], &[native], &guess);
        self.guesses.push((check, object));
        if let Some(value) = result(check, 0) {
            self.natives
                .insert(value_key(object), Native::new(kind, value));
            self.objects.insert(value_key(object));
        }
    }

    /// The state in which the step begins that an op reads a local for, and the op in front of which it is known.
    fn step_of(
        &mut self,
        load: OperationRef<'c, 'a>,
    ) -> Option<(OperationRef<'c, 'a>, Value<'c, 'a>)> {
        let reload = self.reloads.get(&op_key(load));
        let suspension = reload.map(|reload| reload.suspension);
        let key = suspension.map(op_key);
        if let Some(known) = self.steps.get(&key) {
            return Some(*known);
        }
        let (before, state) = match suspension {
            Some(suspension) => {
                let before = behind_loads(load)?;
                (before, self.state_behind_yield(suspension, before)?)
            }
            // Nothing has been sent: the first state is the one that the generator was made in.
            None => {
                let mut ops = operations(load.block()?).into_iter();
                let first = ops.find(|op| op_name(*op) == "py.frame_state")?;
                let copy = first
                    .block()?
                    .insert_operation_before(first, Operation::clone(&first));
                (first, result(copy, 0)?)
            }
        };
        self.steps.insert(key, (before, state));
        Some((before, state))
    }

    /// The state of a `state.yield` with what was sent on the stack, and what the frame has in its slots.
    fn state_behind_yield(
        &self,
        suspension: OperationRef<'c, 'a>,
        before: OperationRef<'c, 'a>,
    ) -> Option<Value<'c, 'a>> {
        let mut state = frame_state(&self.types, suspension)?;
        let mut load = suspension.next_in_block();
        while let Some(op) = load.filter(|op| op_name(*op) == "py.load_local") {
            let slot = usize::try_from(int_attribute(op, "index")?).ok()?;
            *state.locals.get_mut(slot)? = result(op, 0)?;
            load = op.next_in_block();
        }
        state.stack.push(result(suspension, 0)?);
        let segments = [state.locals.len() as i32, state.stack.len() as i32];
        let segments = DenseI32ArrayAttribute::new(self.context, &segments).into();
        let offset = IntegerAttribute::new(self.types.i32, state.offset).into();
        let attributes = [("offset", offset), ("operandSegmentSizes", segments)];
        let values = [state.locals, state.stack].concat();
        let made =
            self.builder(before)
                .op("py.frame_state", &values, &[self.types.state], &attributes);
        result(made, 0)
    }
}

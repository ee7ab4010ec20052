//! Results that `infer-types` guessed to be numbers: the op stays, and its result is checked behind it.

use super::{Lowering, Native, sequences::noun};
use crate::{
    analysis::{
        expectations::{place, state_behind},
        fact::{Fact, Kind},
    },
    builder::{Builder, erase},
    collections::HashSet,
    inspect::{defined_by, op_name, result, str_attribute, value_key},
};
use melior::ir::{
    Attribute, BlockLike, OperationRef, Type, Value,
    attribute::{DenseI32ArrayAttribute, IntegerAttribute, StringAttribute},
    operation::{OperationLike, OperationMutLike, OperationRefMut},
};
use stepwell_abi::{CALL_RESULT, Element, GUESS};
use stepwell_dialects::ir::{has_uses, replace_uses, uses};

/// The parameters whose kind something was made of, though it may not use their values any more.
pub(crate) const TYPED_PARAMETERS: &str = "py.typed_params";

/// A number that is written where one of its kind is.
pub(super) struct Stored<'c, 'a> {
    pub(super) kind: Kind,
    /// What is stored, as an object.
    pub(super) object: Value<'c, 'a>,
    /// Its native form.
    pub(super) value: Value<'c, 'a>,
}

impl<'c, 'a> Lowering<'c, 'a> {
    /// Both forms of the result are at hand from then on.
    pub(super) fn expect(&mut self, op: OperationRef<'c, 'a>) {
        self.box_operands(op);
        let Some((kind, object, check)) = self.checked(op) else {
            return;
        };
        // The first result of the look at a scalar tells whether it is one.
        let Some(native) = result(check, check.result_count() - 1) else {
            return;
        };
        if matches!(op_name(check), "py.unbox" | "py.read_scalar") {
            self.guesses.push((check, object));
        }
        self.natives
            .insert(value_key(object), Native::new(kind, native));
        if !self.numbers.own {
            self.objects.insert(value_key(object));
        }
    }

    /// As [`Lowering::expect`], of the items that a sequence is taken apart into.
    pub(super) fn expect_items(
        &mut self,
        op: OperationRef<'c, 'a>,
        items: &[(Value<'c, 'a>, Option<Kind>)],
    ) {
        self.box_operands(op);
        for (object, kind) in items {
            let check = kind.and_then(|kind| Some((kind, self.check_item(op, *object, kind)?)));
            let native = check.and_then(|(kind, check)| Some((kind, check, result(check, 0)?)));
            if let Some((kind, check, native)) = native {
                self.guesses.push((check, *object));
                let key = value_key(*object);
                self.natives.insert(key, Native::new(kind, native));
                self.objects.insert(key);
            }
        }
    }

    fn check_item(
        &self,
        op: OperationRef<'c, 'a>,
        object: Value<'c, 'a>,
        kind: Kind,
    ) -> Option<OperationRef<'c, 'a>> {
        let builder = self.builder(place(op)?.before);
        let state = self.new_state(op, &builder)?;
        let native = kind.native_type(&self.types)?;
        let guess = [("py.guess", Attribute::unit(self.context))];
        Some(builder.op("py.unbox", &[object, state], &[native], &guess))
    }

    fn checked(
        &self,
        op: OperationRef<'c, 'a>,
    ) -> Option<(Kind, Value<'c, 'a>, OperationRef<'c, 'a>)> {
        let kind = self.native_kind(op)?;
        let object = result(op, 0)?;
        let place = place(op)?;
        let builder = self.builder(place.before);
        if let Some(mode) = self.conversion(kind) {
            let check = self.convert_result(op, &builder, mode, kind.native_type(&self.types)?)?;
            return Some((kind, object, check));
        }
        let state = match place.state {
            Some(state) => state,
            None => self.new_state(op, &builder)?,
        };
        let native = kind.native_type(&self.types)?;
        if let Kind::Scalar(element) = kind {
            let check = self.read_scalar(place.before, object, element, state)?;
            return Some((kind, object, check));
        }
        let of = str_attribute(op, "name").filter(|_| op_name(op) == "py.load_attr");
        let of = of.map(|name| StringAttribute::new(self.context, name));
        let unit = Attribute::unit(self.context);
        let guess = [("py.guess", of.map_or(unit, Attribute::from))];
        let check = builder.op("py.unbox", &[object, state], &[native], &guess);
        Some((kind, object, check))
    }

    /// Reads what was guessed to be a scalar of NumPy.
    fn read_scalar(
        &self,
        before: OperationRef<'c, 'a>,
        object: Value<'c, 'a>,
        element: Element,
        state: Value<'c, 'a>,
    ) -> Option<OperationRef<'c, 'a>> {
        let kind = Kind::Scalar(element);
        let results = [self.types.i1, kind.native_type(&self.types)?];
        let word = [("element", self.word(element.word()))];
        let builder = self.builder(before);
        let read = builder.op("py.read_scalar", &[object], &results, &word);
        let reason = [("reason", self.word(&format!("{GUESS}{kind}")))];
        builder.op("num.guard", &[result(read, 0)?, state], &[], &reason);
        Some(read)
    }

    /// Has the number that `op` yields read by an op that tells whether it was one. `place` is what comes behind its noun in
    /// the reason to leave.
    pub(super) fn read_number(
        &mut self,
        op: OperationRef<'c, 'a>,
        read: &str,
        attributes: &[(&str, Attribute<'c>)],
        place: &str,
    ) -> Option<()> {
        let kind = self.native_kind(op)?;
        let expected = noun(kind)?;
        let state = op.operand(1).ok()?;
        let builder = self.builder(op);
        let of = self.object(op.operand(0).ok()?, &builder);
        let results = [self.types.i1, kind.native_type(&self.types)?];
        let read = builder.op(read, &[of], &results, attributes);
        self.expect_that(op, result(read, 0)?, state, &format!("{expected}{place}"));
        let value = result(read, 1)?;
        self.replace(op, kind, value);
        Some(())
    }

    /// The number that `op` stores, if what is there most likely is one of its kind.
    pub(super) fn stored(
        &self,
        op: OperationRef<'c, 'a>,
        object: Value<'c, 'a>,
    ) -> Option<Stored<'c, 'a>> {
        let kind = self.facts.noted(op)?.kind;
        noun(kind)?;
        let value = self.native(object)?.value;
        // What is there as an object is assigned as that object, so that it stays the same.
        let is_object = self.objects.contains(&value_key(object));
        let stays = is_object && defined_by(object, "py.constant").is_none();
        (!stays).then_some(Stored {
            kind,
            object,
            value,
        })
    }

    /// Has the number that `op` stores written to what most likely is one, by an op that tells whether it was.
    pub(super) fn write_number(
        &mut self,
        op: OperationRef<'c, 'a>,
        write: &str,
        attributes: &[(&str, Attribute<'c>)],
        place: &str,
    ) -> Option<()> {
        let number = self.stored(op, op.operand(1).ok()?)?;
        let state = op.operand(2).ok()?;
        let builder = self.builder(op);
        let to = self.object(op.operand(0).ok()?, &builder);
        self.expect_no_nan(op, &number, state);
        let operands = [number.value, to];
        let write = builder.op(write, &operands, &[self.types.i1], attributes);
        self.expect_that(op, result(write, 0)?, state, &format!("a number{place}"));
        if let Some(raised) = result(op, 0).filter(|raised| has_uses(*raised)) {
            replace_uses(raised, self.builder(op).bool(false));
        }
        self.dead.push(op);
        Some(())
    }

    /// Notes that something was made that is right only if the value has the kind that it was guessed to have. It need not
    /// use the value: what a number is not is known without a look at it.
    pub(super) fn rely_on(&self, value: Value<'c, 'a>) {
        self.relied_on.borrow_mut().insert(value_key(value));
    }

    /// Lists the parameters that have to be of their kinds.
    pub(super) fn write_typed_parameters(&self) {
        let entry = self.cfg.entry();
        let used: HashSet<usize> = (self.parameters.iter())
            .filter(|(unboxed, _)| {
                let value = result(*unboxed, unboxed.result_count() - 1);
                value.is_some_and(has_uses)
            })
            .map(|(_, parameter)| value_key(*parameter))
            .collect();
        let relied_on = self.relied_on.borrow();
        let is_needed = |parameter: Value| {
            let key = value_key(parameter);
            let has_kind = self.facts.get(parameter) != Fact::OBJECT;
            used.contains(&key) || has_kind && relied_on.contains(&key)
        };
        let list: Vec<i32> = (0..entry.argument_count())
            .filter(|index| entry.argument(*index).is_ok_and(|it| is_needed(it.into())))
            .map(|index| index as i32)
            .collect();
        if !list.is_empty() {
            // SAFETY: the op is alive, and nobody else holds a mutable reference to it.
            let mut function = unsafe { OperationRefMut::from_raw(self.function.to_raw()) };
            let array = DenseI32ArrayAttribute::new(self.context, &list).into();
            function.set_discardable_attribute(TYPED_PARAMETERS, array);
        }
    }

    /// Takes back the checks of guesses that nothing was made of.
    pub(super) fn drop_idle_guesses(&mut self) {
        let relied_on = self.relied_on.take();
        for (check, object) in std::mem::take(&mut self.guesses) {
            let value = result(check, check.result_count() - 1);
            if !value.is_some_and(has_uses) && !relied_on.contains(&value_key(object)) {
                self.natives.remove(&value_key(object));
                // That of a scalar has a guard behind it.
                let guards = result(check, 0).map(uses).unwrap_or_default();
                guards.into_iter().for_each(|(guard, _)| erase(guard));
                erase(check);
            }
        }
    }

    /// The result of a call by the rules of the mode: the interpreter could not go on with another one.
    fn convert_result(
        &self,
        call: OperationRef<'c, 'a>,
        builder: &Builder<'c, 'a>,
        mode: &str,
        native: Type<'c>,
    ) -> Option<OperationRef<'c, 'a>> {
        let state = call.operand(call.operand_count().checked_sub(1)?).ok()?;
        let slot = IntegerAttribute::new(self.types.i32, CALL_RESULT.into()).into();
        let mode = StringAttribute::new(self.context, mode).into();
        let attributes = [("slot", slot), ("mode", mode)];
        let operands = [result(call, 0)?, state];
        Some(builder.op("py.convert", &operands, &[native], &attributes))
    }

    fn new_state(
        &self,
        op: OperationRef<'c, 'a>,
        builder: &Builder<'c, 'a>,
    ) -> Option<Value<'c, 'a>> {
        let state = state_behind(op)?;
        let segments = [state.locals.len() as i32, state.stack.len() as i32];
        let segments = DenseI32ArrayAttribute::new(self.context, &segments).into();
        let offset = IntegerAttribute::new(self.types.i32, state.offset).into();
        let attributes = [("offset", offset), ("operandSegmentSizes", segments)];
        let values = [state.locals, state.stack].concat();
        let made = builder.op("py.frame_state", &values, &[self.types.state], &attributes);
        result(made, 0)
    }
}

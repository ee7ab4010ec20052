//! Parameters, slots, frame states, and what may be unbound.

use super::{
    Lowering, Native,
    values::{boxed, set_operand},
};
use crate::{
    PassError,
    analysis::{
        cfg::Cfg,
        fact::{Fact, Kind},
    },
    builder::Builder,
    inspect::{defined_by, int_attribute, op_key, op_name, result, value_key},
    transform::infer_types::Facts,
};
use melior::{
    Context,
    ir::{
        BlockLike, Operation, OperationRef, Type, Value, ValueLike,
        attribute::{DenseI32ArrayAttribute, IntegerAttribute, StringAttribute},
        operation::{OperationLike, OperationMutLike, OperationRefMut},
    },
};
use stepwell_dialects::ir::{operations, replace_uses};

/// Which slots are native: assigned, only ever to native values, and native or null in every state.
pub(super) fn native_slots(function: OperationRef, cfg: &Cfg, facts: &Facts) -> Vec<bool> {
    let parameters = int_attribute(function, "py.argcount").unwrap_or(0);
    let seeds = cfg.entry();
    // An argument that is not there is not asked for: the error would print the whole block.
    let seed = |slot: usize| {
        let slot = Some(slot).filter(|slot| *slot < seeds.argument_count())?;
        Some(facts.get(seeds.argument(slot).ok()?.into()))
    };
    let seeded = |slot: usize| slot as i64 >= parameters || seed(slot).is_some_and(Fact::is_native);
    let ops: Vec<_> = cfg
        .reverse_postorder()
        .into_iter()
        .flat_map(operations)
        .collect();
    let mut slots = Vec::new();
    for op in &ops {
        if let Some((slot, value)) = assigned(*op) {
            slots.resize(slots.len().max(slot + 1), false);
            slots[slot] |= facts.get(value).is_native();
        }
    }
    let keeps = |fact: Fact| fact.is_native() || fact == Fact::NULL;
    for op in &ops {
        let assigned = assigned(*op).into_iter();
        for (slot, value) in assigned.chain(state_locals(*op)) {
            if let Some(native) = slots.get_mut(slot) {
                *native &= keeps(facts.get(value)) && seeded(slot);
            }
        }
    }
    slots
}

/// Whether the value alone tells what its object is.
fn is_plain(native: Native) -> bool {
    native.bound.is_none() && native.kind.element().is_none()
}

/// The slot and the value of a `py.store_local`.
fn assigned<'c, 'a>(op: OperationRef<'c, 'a>) -> Option<(usize, Value<'c, 'a>)> {
    let slot = (op_name(op) == "py.store_local").then(|| int_attribute(op, "index"))??;
    Some((usize::try_from(slot).ok()?, op.operand(0).ok()?))
}

/// The slots and their values in a `py.frame_state`; nothing for another op.
fn state_locals<'c, 'a>(op: OperationRef<'c, 'a>) -> Vec<(usize, Value<'c, 'a>)> {
    op.operands().take(local_count(op)).enumerate().collect()
}

fn local_count(op: OperationRef) -> usize {
    let sizes = op.attribute("operandSegmentSizes").ok();
    let sizes = sizes.filter(|_| op_name(op) == "py.frame_state");
    let sizes = sizes.and_then(|sizes| DenseI32ArrayAttribute::try_from(sizes).ok());
    sizes
        .and_then(|sizes| sizes.element(0).ok())
        .map_or(0, |size| size as usize)
}

/// Tells the passes below which slots exits have to write.
pub(super) fn write_native_slots<'c>(
    context: &'c Context,
    function: OperationRef<'c, '_>,
    slots: &[bool],
) {
    let list: Vec<_> = (0..)
        .zip(slots)
        .filter(|(_, native)| **native)
        .map(|(slot, _)| slot)
        .collect();
    if !list.is_empty() {
        // SAFETY: the op is alive, and nobody else holds a mutable reference to it.
        let mut op = unsafe { OperationRefMut::from_raw(function.to_raw()) };
        let array = DenseI32ArrayAttribute::new(context, &list).into();
        op.set_discardable_attribute("py.native_slots", array);
    }
}

impl<'c, 'a> Lowering<'c, 'a> {
    /// Unboxes native parameters in front of the first instruction. The argument stays what the frame
    /// has, and what ops that want an object use.
    pub(super) fn unbox_parameters(&mut self) -> Result<(), PassError> {
        let entry = self.cfg.entry();
        let arguments = (0..entry.argument_count()).filter_map(|index| entry.argument(index).ok());
        let natives: Vec<_> = arguments
            .map(Value::from)
            .map(|value| (value, self.facts.get(value)))
            .filter(|(_, fact)| fact.is_native())
            .collect();
        if natives.is_empty() {
            return Ok(());
        }
        let first = operations(entry)
            .into_iter()
            .find(|op| op_name(*op) == "py.frame_state");
        let first = first.ok_or_else(|| self.bug("the entry has no frame state".to_owned()))?;
        let state = entry.insert_operation_before(first, Operation::clone(&first));
        self.done.insert(op_key(state));
        let state = result(state, 0).ok_or_else(|| self.bug("a state without value".to_owned()))?;
        let builder = self.builder(first);
        for (argument, fact) in natives {
            let Some(r#type) = fact.kind.native_type(&self.types) else {
                continue;
            };
            let conversion = self.conversion(fact.kind);
            let unboxed = match conversion {
                Some(mode) => self.convert_argument(&builder, argument, mode, state, r#type),
                // Whoever chose this code has looked at the type.
                None if let Kind::Scalar(element) = fact.kind => {
                    let word = [("element", self.word(element.word()))];
                    let results = [self.types.i1, r#type];
                    builder.op("py.read_scalar", &[argument], &results, &word)
                }
                None => builder.op("py.unbox", &[argument, state], &[r#type], &[]),
            };
            self.done.insert(op_key(unboxed));
            self.parameters.push((unboxed, argument));
            if let Some(value) = result(unboxed, unboxed.result_count() - 1) {
                let native = Native::new(fact.kind, value);
                self.natives.insert(value_key(argument), native);
                // What was converted need not be equal to its argument.
                if conversion.is_none() {
                    self.objects.insert(value_key(argument));
                }
            }
        }
        Ok(())
    }

    /// The conversion of `py.convert` for a parameter; `None` where the argument has been checked, or the interpreter can
    /// take over.
    pub(super) fn conversion(&self, kind: Kind) -> Option<&'static str> {
        let single = self.numbers.single;
        if !self.numbers.own {
            return None;
        }
        Some(match kind {
            Kind::Int => self.numbers.integers.name(),
            Kind::Float if single => "float32",
            Kind::Float => "float64",
            Kind::Complex if single => "complex64",
            Kind::Complex => "complex128",
            Kind::Pointer if self.writes_memory() => "writable ptr",
            Kind::Pointer => "ptr",
            Kind::Vec4f => "vec4f",
            Kind::Vec8i => "vec8i",
            Kind::Optional => "optional_f64",
            _ => return None,
        })
    }

    /// Whether an item is assigned anywhere, which in the mode that has pointers can be one of memory only.
    fn writes_memory(&self) -> bool {
        let blocks = self.cfg.reverse_postorder().into_iter();
        blocks
            .flat_map(operations)
            .any(|op| op_name(op) == "py.store_subscr")
    }

    fn convert_argument(
        &self,
        builder: &Builder<'c, 'a>,
        argument: Value<'c, 'a>,
        mode: &str,
        state: Value<'c, 'a>,
        native: Type<'c>,
    ) -> OperationRef<'c, 'a> {
        let arguments = 0..self.cfg.entry().argument_count();
        let is_it = |slot: &usize| {
            let found = self.cfg.entry().argument(*slot).map(Value::from);
            found.is_ok_and(|found| found == argument)
        };
        let slot = arguments.into_iter().find(is_it).unwrap_or_default();
        let slot = IntegerAttribute::new(self.types.i32, slot as i64).into();
        let mode = StringAttribute::new(self.context, mode).into();
        let attributes = [("slot", slot), ("mode", mode)];
        builder.op("py.convert", &[argument, state], &[native], &attributes)
    }

    /// Native slots hold native values; other slots what is in the frame; the stack what is at hand.
    pub(super) fn frame_state(&mut self, op: OperationRef<'c, 'a>) {
        let builder = self.builder(op);
        let locals = local_count(op);
        for (index, value) in op.operands().enumerate() {
            let stack = index >= locals;
            let kept = stack && self.objects.contains(&value_key(value));
            let lazy = stack || self.native_slots.get(index) == Some(&true);
            let operand = if let Some(iterator) = self.iterator(value, op) {
                iterator
            } else {
                match self.peek_native(value) {
                    // The frame has the argument, whatever it was converted to.
                    Some(_) if !lazy && self.is_argument(value) => value,
                    Some(native) if lazy && !kept && is_plain(native) => native.value,
                    Some(native) if lazy && !kept => boxed(native, &builder),
                    _ => self.object(value, &builder),
                }
            };
            if operand != value {
                set_operand(op, index, operand);
            }
        }
    }

    fn is_argument(&self, value: Value<'c, 'a>) -> bool {
        let entry = self.cfg.entry();
        (0..entry.argument_count())
            .filter_map(|index| entry.argument(index).ok())
            .any(|argument| value_key(argument.into()) == value_key(value))
    }

    pub(super) fn store_local(&mut self, op: OperationRef<'c, 'a>) {
        let slot = assigned(op).and_then(|(slot, _)| self.native_slots.get(slot));
        if slot == Some(&true) && !self.is_wanted(op) {
            self.dead.push(op);
        } else {
            self.box_operands(op);
        }
    }

    /// Whether a native local had better be assigned as the object that it came as: an item of an iteration that runs
    /// Python code, for which a new object of the number would be made otherwise.
    fn is_wanted(&self, op: OperationRef<'c, 'a>) -> bool {
        assigned(op).is_some_and(|(_, value)| {
            self.objects.contains(&value_key(value)) && defined_by(value, "py.for_iter").is_some()
        })
    }

    pub(super) fn check_bound(&mut self, op: OperationRef<'c, 'a>) {
        let operands = op.operand(0).ok().zip(op.operand(1).ok());
        let Some(((value, state), checked)) = operands.zip(result(op, 0)) else {
            return;
        };
        match self.peek_native(value) {
            Some(native) => {
                if let Some(bound) = native.bound {
                    self.guard(op, bound, state, "the local is unbound");
                }
                if self.objects.contains(&value_key(value)) {
                    replace_uses(checked, value);
                }
                self.replace(op, native.kind, native.value);
                if let Some(scalar) = native.scalar {
                    self.flavour(checked, scalar);
                }
            }
            None if checked.r#type() == value.r#type() && !self.facts.get(value).maybe_null => {
                replace_uses(checked, value);
                self.never_raises(op);
                self.dead.push(op);
            }
            None => {}
        }
    }

    /// `num.guard`
    pub(super) fn guard(
        &self,
        before: OperationRef<'c, 'a>,
        condition: Value<'c, 'a>,
        state: Value<'c, 'a>,
        reason: &str,
    ) {
        let reason = StringAttribute::new(self.context, reason).into();
        self.builder(before)
            .op("num.guard", &[condition, state], &[], &[("reason", reason)]);
    }

    /// `num.guard` that raises.
    pub(super) fn guard_raising(
        &self,
        before: OperationRef<'c, 'a>,
        condition: Value<'c, 'a>,
        state: Value<'c, 'a>,
        reason: &str,
        class: &str,
    ) {
        let text = |text| StringAttribute::new(self.context, text).into();
        let attributes = [("reason", text(reason)), ("raises", text(class))];
        self.builder(before)
            .op("num.guard", &[condition, state], &[], &attributes);
    }

    /// The fact that a value has a kind, or may be nothing at all.
    pub(super) fn is_nothing(&self, value: Value<'c, 'a>) -> bool {
        self.facts.get(value).kind == Kind::Never
    }
}

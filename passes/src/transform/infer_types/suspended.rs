//! What most likely is in the frame of a generator or coroutine, where its locals are read.

use super::{items::is_native_item, named};
use crate::{
    analysis::{
        cfg::Cfg,
        fact::{Fact, Kind},
        range_loops::is_range_call,
        suspensions::{Reload, reloads},
    },
    collections::HashMap,
    inspect::{defined_by, int_attribute, op_key, op_name, str_attribute},
};
use melior::{
    Context,
    ir::{
        OperationRef, Value,
        attribute::{ArrayAttribute, TypeAttribute},
        operation::OperationLike,
    },
};
use stepwell_dialects::ir::Types;

/// Nothing in a function of another kind, or in one that guesses nothing.
#[derive(Debug, Default)]
pub(super) struct Suspended<'c, 'a> {
    guesses: bool,
    reloads: HashMap<usize, Reload<'c, 'a>>,
    /// The kinds of the parameters, when it was compiled.
    parameters: Vec<Kind>,
}

impl<'c, 'a> Suspended<'c, 'a> {
    pub(super) fn new(
        context: &'c Context,
        function: OperationRef<'c, 'a>,
        cfg: &Cfg<'c, 'a>,
    ) -> Self {
        let is_step = str_attribute(function, "py.kind").is_some_and(|kind| kind != "function");
        if !is_step || !named::guesses(function) {
            return Self::default();
        }
        let types = Types::new(context);
        let seeds = function.attribute("py.param_types").ok();
        let seeds = seeds.and_then(|seeds| ArrayAttribute::try_from(seeds).ok());
        let seeds = seeds.map(|seeds| (0..seeds.len()).map(move |index| seeds.element(index)));
        let kind = |seed| {
            let seed = TypeAttribute::try_from(seed).ok()?;
            Some(Kind::of_type(&types, seed.value()))
        };
        let parameters = seeds.into_iter().flatten();
        let parameters = parameters
            .map(|seed| seed.ok().and_then(kind).unwrap_or(Kind::Object))
            .collect();
        Self {
            guesses: true,
            reloads: reloads(&types, cfg),
            parameters,
        }
    }

    /// What a `py.load_local` most likely reads; `None` for what is no number, or may be nothing.
    pub(super) fn read(
        &self,
        load: OperationRef<'c, 'a>,
        seen: impl Fn(Value<'c, 'a>) -> Fact,
    ) -> Option<Fact> {
        self.guesses.then_some(())?;
        let fact = match self.reloads.get(&op_key(load)) {
            Some(reload) => seen(reload.before()?),
            None => {
                let slot = usize::try_from(int_attribute(load, "index")?).ok()?;
                Fact::of(*self.parameters.get(slot)?)
            }
        };
        let is_number = is_native_item(fact.kind) && !fact.maybe_null;
        (is_number || fact == Fact::NEVER).then_some(fact)
    }

    /// Whether a `py.for_iter` is over a range that lives across suspensions.
    pub(super) fn counts(&self, for_iter: OperationRef<'c, '_>) -> bool {
        let iterator = for_iter.operand(0).ok();
        let iterator = iterator.and_then(|iterator| defined_by(iterator, "py.get_iter"));
        let range = iterator.and_then(|iterator| iterator.operand(0).ok());
        let call = range.and_then(|range| defined_by(range, "py.call"));
        op_name(for_iter) == "py.for_iter" && self.guesses && call.is_some_and(is_range_call)
    }
}

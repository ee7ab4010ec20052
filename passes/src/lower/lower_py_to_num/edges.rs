//! Block arguments and the branches that give them values.

use super::{Lowering, Native, values::zero};
use crate::{
    PassError,
    analysis::{
        branches, cfg,
        fact::{Fact, Kind},
    },
    builder::Builder,
    inspect::value_key,
};
use melior::ir::{BlockLike, BlockRef, Location, OperationRef, Value, ValueLike};
use stepwell_dialects::ir::insert_block_argument;

impl<'c, 'a> Lowering<'c, 'a> {
    /// Gives native arguments their type, and those that may be unbound their companion.
    pub(super) fn retype_arguments(&mut self, block: BlockRef<'c, 'a>) {
        let arguments: Vec<Value> = (0..block.argument_count())
            .filter_map(|index| block.argument(index).ok().map(Value::from))
            .collect();
        if block != self.cfg.entry() {
            // From the last to the first, so that the places of those in front stay the same.
            for (index, argument) in arguments.iter().enumerate().rev() {
                self.retype(block, index, *argument);
            }
        }
        self.signatures.insert(cfg::key(block), arguments);
        self.add_counter(block);
    }

    fn retype(&mut self, block: BlockRef<'c, 'a>, index: usize, argument: Value<'c, 'a>) {
        let fact = self.facts.get(argument);
        let Some(r#type) = fact.kind.native_type(&self.types) else {
            return;
        };
        argument.set_type(r#type);
        let scalar = matches!(fact.kind, Kind::Either(_)).then(|| {
            let location = self.suffixed(argument.location(), "is_scalar");
            insert_block_argument(block, index + 1, self.types.i1, location)
        });
        let bound = fact.maybe_null.then(|| {
            let location = self.suffixed(argument.location(), "bound");
            insert_block_argument(block, index + 1, self.types.i1, location)
        });
        let native = Native {
            kind: fact.kind,
            value: argument,
            bound,
            scalar,
        };
        self.natives.insert(value_key(argument), native);
    }

    /// `i_bound` for what belongs to `i`.
    pub(super) fn suffixed(&self, location: Location<'c>, suffix: &str) -> Location<'c> {
        if !location.is_name() {
            return location;
        }
        let name = location.name_value();
        let name = format!(
            "{}_{suffix}",
            name.as_string_ref().as_str().unwrap_or("local")
        );
        Location::name(self.context, &name, location.name_child_location())
    }

    /// Passes to each block what its arguments are now.
    pub(super) fn edges(&mut self, terminator: OperationRef<'c, 'a>) -> Result<(), PassError> {
        let builder = self.builder(terminator);
        let edges = branches::edges(terminator);
        let lists = edges
            .iter()
            .map(|edge| self.edge_values(terminator, edge, &builder));
        let lists = lists.collect::<Result<Vec<_>, _>>()?;
        branches::set_edge_values(self.context, terminator, &lists);
        Ok(())
    }

    fn edge_values(
        &self,
        terminator: OperationRef<'c, 'a>,
        edge: &branches::Edge<'c, 'a>,
        builder: &Builder<'c, 'a>,
    ) -> Result<Vec<Value<'c, 'a>>, PassError> {
        let mut values = Vec::new();
        for (argument, value) in self.signature(edge.target).iter().zip(&edge.values) {
            let fact = self.facts.get(*argument);
            if fact.is_native() {
                self.native_edge_value(fact, *value, builder, &mut values)?;
            } else {
                values.push(self.object(*value, builder));
            }
        }
        values.extend(self.counter_values(terminator, edge.target));
        Ok(values)
    }

    fn native_edge_value(
        &self,
        fact: Fact,
        value: Value<'c, 'a>,
        builder: &Builder<'c, 'a>,
        values: &mut Vec<Value<'c, 'a>>,
    ) -> Result<(), PassError> {
        let native = self
            .native(value)
            .filter(|native| native.kind.meet(fact.kind) == fact.kind);
        let bound = match native {
            _ if fact.kind == Kind::Optional && !self.is_nothing(value) => {
                let packed = self.optional(builder, value);
                values.push(packed.ok_or_else(|| self.bug(format!("{value} is no float")))?);
                native
                    .and_then(|native| native.bound)
                    .unwrap_or_else(|| builder.bool(true))
            }
            Some(native) => {
                values.push(native.value);
                native.bound.unwrap_or_else(|| builder.bool(true))
            }
            None if self.is_nothing(value) => {
                values.push(zero(builder, fact.kind));
                builder.bool(false)
            }
            None => return Err(self.bug(format!("{value} is passed on as {fact}"))),
        };
        if fact.maybe_null {
            values.push(bound);
        }
        if matches!(fact.kind, Kind::Either(_)) {
            let scalar = native.map(|native| native.is_scalar(builder));
            values.push(scalar.unwrap_or_else(|| builder.bool(false)));
        }
        Ok(())
    }
}

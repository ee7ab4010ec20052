//! Block arguments where several definitions of a value meet.

use super::recover::Definitions;
use crate::{
    analysis::slots::defining_op,
    cfg::{Cfg, block_key, edges, owner_block, replace_edges},
    collections::IndexMap,
    function::Function,
};
use melior::ir::{
    BlockLike, BlockRef, Value, ValueLike,
    operation::{OperationLike, OperationMutLike, OperationRefMut},
};
use stepwell_dialects::ir::uses;

/// Makes each use of a value read the definition that reaches it.
pub fn repair<'c, 'a>(
    function: &Function<'c, 'a>,
    cfg: &Cfg<'c, 'a>,
    definitions: Definitions<'c, 'a>,
) {
    for (value, again) in definitions.into_values() {
        let mut repair = Repair::new(cfg, value, &again);
        let copies: Vec<usize> = again
            .iter()
            .map(|(_, copy)| crate::cfg::value_key(*copy))
            .collect();
        let old_uses = uses(value);
        for (op, operand) in old_uses {
            let Some(block) = op.block() else { continue };
            if op
                .results()
                .any(|result| copies.contains(&crate::cfg::value_key(result.into())))
            {
                continue;
            }
            let new = repair.value_in(block);
            // SAFETY: the op is alive and nobody else holds a reference to it that would see the change.
            let mut op = unsafe { OperationRefMut::from_raw(op.to_raw()) };
            op.set_operand(operand, new);
        }
        repair.pass_on(function);
    }
}

/// One value on its way through the graph.
struct Repair<'r, 'c, 'a> {
    cfg: &'r Cfg<'c, 'a>,
    value: Value<'c, 'a>,
    home: usize,
    at_start: IndexMap<usize, Value<'c, 'a>>,
    passed: Vec<(usize, usize, Value<'c, 'a>)>,
}

impl<'r, 'c, 'a> Repair<'r, 'c, 'a> {
    fn new(
        cfg: &'r Cfg<'c, 'a>,
        value: Value<'c, 'a>,
        again: &[(BlockRef<'c, 'a>, Value<'c, 'a>)],
    ) -> Self {
        let home = match defining_op(value) {
            Some(op) => op.block(),
            None => Some(owner_block(value)),
        };
        let at_start = again
            .iter()
            .map(|(block, copy)| (block_key(*block), *copy))
            .collect();
        Self {
            cfg,
            value,
            home: home.map_or(0, block_key),
            at_start,
            passed: Vec::new(),
        }
    }

    /// The value for a use in a block. In its own block it is defined in front of its uses.
    fn value_in(&mut self, block: BlockRef<'c, 'a>) -> Value<'c, 'a> {
        if block_key(block) == self.home {
            self.value
        } else {
            self.value_at_start(block)
        }
    }

    fn value_at_start(&mut self, block: BlockRef<'c, 'a>) -> Value<'c, 'a> {
        if let Some(known) = self.at_start.get(&block_key(block)) {
            return *known;
        }
        let Some(place) = self.cfg.place(block) else {
            return self.value;
        };
        match self.cfg.predecessors[place].as_slice() {
            [] => self.value,
            [(source, _)] => {
                let value = self.value_in(self.cfg.blocks[*source]);
                self.at_start.insert(block_key(block), value);
                value
            }
            sources => self.meet(block, sources),
        }
    }

    fn meet(&mut self, block: BlockRef<'c, 'a>, sources: &[(usize, usize)]) -> Value<'c, 'a> {
        let argument = block.add_argument(self.value.r#type(), self.value.location());
        self.at_start.insert(block_key(block), argument);
        for (source, number) in sources {
            let value = self.value_in(self.cfg.blocks[*source]);
            self.passed.push((*source, *number, value));
        }
        argument
    }

    /// Gives the new arguments their values, in the order in which they were added.
    fn pass_on(self, function: &Function<'c, 'a>) {
        for (source, number, value) in self.passed {
            let Some(terminator) = self.cfg.blocks[source].terminator() else {
                continue;
            };
            let mut edges = edges(terminator);
            edges[number].operands.push(value);
            replace_edges(function.context, function.types, terminator, &edges);
        }
    }
}

//! The graph of a function as it will be once there is a way past a loop.

use super::consumer::Consumer;
use crate::{
    cfg::{Cfg, block_key, owner_block},
    inspect::defining_op,
};
use melior::ir::{BlockLike, OperationRef, Value, operation::OperationLike};
use petgraph::{
    algo::dominators::{Dominators, simple_fast},
    graph::{DiGraph, NodeIndex},
};
use stepwell_dialects::ir::{operations, uses};

/// An op that uses a value, and the number of the operand.
pub type Use<'c, 'a> = (OperationRef<'c, 'a>, usize);

/// With the call at the start of a block of its own, and the joint.
pub struct Graph {
    dominators: Dominators<NodeIndex>,
    /// The block of the call, from the call on.
    make: NodeIndex,
    joint: NodeIndex,
}

impl Graph {
    /// Of a function with such a call and such a loop behind it.
    pub fn new(cfg: &Cfg, call: OperationRef, consumer: &Consumer) -> Option<Self> {
        let before = cfg.place(call.block()?)?;
        let decision = cfg.place(consumer.decision)?;
        let end = *cfg.successors[decision].first()?;
        let mut graph = DiGraph::<(), ()>::new();
        let nodes: Vec<_> = cfg.blocks.iter().map(|_| graph.add_node(())).collect();
        let (make, joint) = (graph.add_node(()), graph.add_node(()));
        for (source, targets) in cfg.successors.iter().enumerate() {
            let node = if source == before {
                make
            } else {
                nodes[source]
            };
            for (number, target) in targets.iter().enumerate() {
                let ends = source == decision && number == 0;
                graph.add_edge(node, if ends { joint } else { nodes[*target] }, ());
            }
        }
        graph.add_edge(nodes[before], make, ());
        graph.add_edge(nodes[before], joint, ());
        graph.add_edge(joint, nodes[end], ());
        (before != decision).then(|| Self {
            dominators: simple_fast(&graph, nodes[0]),
            make,
            joint,
        })
    }

    fn dominates(&self, above: NodeIndex, below: NodeIndex) -> bool {
        let mut all = self.dominators.dominators(below).into_iter().flatten();
        all.any(|node| node == above)
    }

    /// What is computed from the call to the end of the loop on every way there.
    pub fn new_values<'c, 'a>(
        &self,
        cfg: &Cfg<'c, 'a>,
        call: OperationRef<'c, 'a>,
    ) -> Vec<Value<'c, 'a>> {
        let mut values = Vec::new();
        for block in &cfg.blocks {
            let is_after = |op: &OperationRef<'c, 'a>| self.node_of(cfg, call, *op);
            let ops = operations(*block);
            let node = ops.first().and_then(&is_after);
            if node.is_some_and(|node| self.dominates(self.make, node)) {
                let arguments = 0..block.argument_count();
                values.extend(
                    arguments.filter_map(|index| Some(Value::from(block.argument(index).ok()?))),
                );
            }
            let new = ops
                .into_iter()
                .filter(|op| is_after(op).is_some_and(|node| self.dominates(self.make, node)));
            values.extend(new.flat_map(|op| {
                (0..op.result_count())
                    .filter_map(move |index| Some(Value::from(op.result(index).ok()?)))
            }));
        }
        values
    }

    /// The users of a value that have the joint in front of them. None when one has that way and others.
    pub fn users_behind<'c, 'a>(
        &self,
        cfg: &Cfg<'c, 'a>,
        call: OperationRef<'c, 'a>,
        value: Value<'c, 'a>,
    ) -> Option<Vec<Use<'c, 'a>>> {
        let defined = self.node(cfg, call, value)?;
        let mut behind = Vec::new();
        for (user, operand) in uses(value) {
            let Some(node) = self.node_of(cfg, call, user) else {
                continue;
            };
            if self.dominates(defined, node) {
                continue;
            }
            if !self.dominates(self.joint, node) {
                return None;
            }
            behind.push((user, operand));
        }
        Some(behind)
    }

    /// Whether a value is there in front of the call.
    pub fn is_known_before<'c, 'a>(
        &self,
        cfg: &Cfg<'c, 'a>,
        call: OperationRef<'c, 'a>,
        value: Value<'c, 'a>,
    ) -> bool {
        let node = self.node(cfg, call, value);
        node.is_some_and(|node| node != self.make && self.dominates(node, self.make))
    }

    fn node<'c, 'a>(
        &self,
        cfg: &Cfg<'c, 'a>,
        call: OperationRef<'c, 'a>,
        value: Value<'c, 'a>,
    ) -> Option<NodeIndex> {
        match defining_op(value) {
            Some(op) => self.node_of(cfg, call, op),
            None => cfg.place(owner_block(value)).map(NodeIndex::new),
        }
    }

    /// None for what is not reached.
    fn node_of<'c, 'a>(
        &self,
        cfg: &Cfg<'c, 'a>,
        call: OperationRef<'c, 'a>,
        op: OperationRef<'c, 'a>,
    ) -> Option<NodeIndex> {
        let block = op.block()?;
        let is_split = call
            .block()
            .is_some_and(|own| block_key(own) == block_key(block));
        match is_split && is_from(call, op) {
            true => Some(self.make),
            false => cfg.place(block).map(NodeIndex::new),
        }
    }
}

/// Whether an op of the same block is `first` or comes behind it.
fn is_from(first: OperationRef, op: OperationRef) -> bool {
    let mut next = Some(first);
    while let Some(current) = next {
        if current == op {
            return true;
        }
        next = current.next_in_block();
    }
    false
}

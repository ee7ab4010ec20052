//! The control flow graph of a body: order and dominance.

use crate::collections::IndexMap;
use melior::ir::{BlockLike, BlockRef, OperationRef, operation::OperationLike};
use petgraph::{
    algo::dominators::{Dominators, simple_fast},
    graph::{DiGraph, NodeIndex},
    visit::DfsPostOrder,
};
use stepwell_dialects::ir::blocks;

/// The blocks of one function and how they are connected.
pub struct Cfg<'c, 'a> {
    blocks: IndexMap<usize, BlockRef<'c, 'a>>,
    graph: DiGraph<(), ()>,
    dominators: Dominators<NodeIndex>,
}

impl<'c, 'a> Cfg<'c, 'a> {
    /// Reads a function; `None` when it has no body.
    pub fn new(function: OperationRef<'c, 'a>) -> Option<Self> {
        let region = function.region(0).ok()?;
        let list = blocks(region);
        let entry = NodeIndex::new(0);
        list.first()?;
        let blocks: IndexMap<_, _> = list.into_iter().map(|block| (key(block), block)).collect();
        let mut graph = DiGraph::new();
        let nodes: Vec<_> = blocks.iter().map(|_| graph.add_node(())).collect();
        for (index, block) in blocks.values().enumerate() {
            for successor in block.terminator().iter().flat_map(|op| op.successors()) {
                if let Some(target) = blocks.get_index_of(&key(successor)) {
                    graph.update_edge(nodes[index], nodes[target], ());
                }
            }
        }
        let dominators = simple_fast(&graph, entry);
        Some(Self {
            blocks,
            graph,
            dominators,
        })
    }

    /// All blocks, in the order of the region.
    pub fn blocks(&self) -> impl Iterator<Item = BlockRef<'c, 'a>> {
        self.blocks.values().copied()
    }

    /// The entry block.
    pub fn entry(&self) -> BlockRef<'c, 'a> {
        self.blocks[0]
    }

    /// The blocks that can be reached, each behind the blocks that dominate it.
    pub fn reverse_postorder(&self) -> Vec<BlockRef<'c, 'a>> {
        let mut order = Vec::new();
        let mut visit = DfsPostOrder::new(&self.graph, NodeIndex::new(0));
        while let Some(node) = visit.next(&self.graph) {
            order.push(self.blocks[node.index()]);
        }
        order.reverse();
        order
    }

    /// The blocks with an edge to `block`, each once.
    pub fn predecessors(&self, block: BlockRef<'c, 'a>) -> Vec<BlockRef<'c, 'a>> {
        let incoming = petgraph::Direction::Incoming;
        let Some(node) = self.node(block) else {
            return Vec::new();
        };
        let mut list: Vec<_> = self.graph.neighbors_directed(node, incoming).collect();
        list.sort();
        list.into_iter()
            .map(|node| self.blocks[node.index()])
            .collect()
    }

    /// Whether every way to `block` goes through `dominator`. A block dominates itself.
    pub fn dominates(&self, dominator: BlockRef<'c, 'a>, block: BlockRef<'c, 'a>) -> bool {
        let (Some(dominator), Some(block)) = (self.node(dominator), self.node(block)) else {
            return false;
        };
        let mut chain = self.dominators.dominators(block).into_iter().flatten();
        chain.any(|node| node == dominator)
    }

    fn node(&self, block: BlockRef<'c, 'a>) -> Option<NodeIndex> {
        self.blocks.get_index_of(&key(block)).map(NodeIndex::new)
    }
}

/// The address that identifies a block.
pub fn key(block: BlockRef) -> usize {
    block.to_raw().ptr as usize
}

//! The control-flow graph of a program.

mod loops;

pub use loops::{Loop, Loops};

use crate::bytecode::{Flow, Handler};
use crate::program::Program;
use petgraph::algo::dominators::{Dominators, simple_fast};
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::{Dfs, DfsPostOrder, EdgeRef};
use std::collections::BTreeSet;
use std::ops::Range;

/// Instructions that are executed one after the other. Those that raise have the same handler.
#[derive(Clone, Debug)]
pub struct Block {
    /// Their numbers.
    pub instructions: Range<usize>,
    /// The handler of those that raise.
    pub handler: Option<Handler>,
}

/// How control gets from one block to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Edge {
    /// From the last instruction to the one behind it.
    Next,
    /// From the last instruction to its target.
    Jump,
    /// From any instruction that raises to the handler.
    Exception,
}

/// The blocks of a program in the order of the code, with the edges between them. Block 0 is the entry.
#[derive(Debug)]
pub struct Cfg {
    graph: DiGraph<Block, Edge>,
    reachable: Vec<bool>,
}

/// The number of a block.
pub type BlockId = NodeIndex;

impl Cfg {
    /// Finds the blocks of a program and connects them.
    pub fn new(program: &Program<'_>) -> Self {
        let mut graph = DiGraph::new();
        let leaders: Vec<usize> = leaders(program).into_iter().collect();
        let end = program.instructions().len();
        for (index, &first) in leaders.iter().enumerate() {
            let past = leaders.get(index + 1).copied().unwrap_or(end);
            let instructions = &program.instructions()[first..past];
            graph.add_node(Block {
                instructions: first..past,
                handler: instructions
                    .iter()
                    .find_map(|instruction| program.raises_to(instruction).copied()),
            });
        }
        for block in graph.node_indices() {
            connect(&mut graph, program, &leaders, block);
        }
        let mut reachable = vec![false; graph.node_count()];
        let mut search = Dfs::new(&graph, BlockId::new(0));
        while let Some(block) = search.next(&graph) {
            reachable[block.index()] = true;
        }
        Self { graph, reachable }
    }

    /// The entry.
    pub fn entry(&self) -> BlockId {
        BlockId::new(0)
    }

    /// All blocks in the order of the code.
    pub fn blocks(&self) -> impl Iterator<Item = BlockId> + use<> {
        self.graph.node_indices()
    }

    /// A block.
    pub fn block(&self, block: BlockId) -> &Block {
        &self.graph[block]
    }

    /// The block that begins with an instruction.
    pub fn block_at(&self, instruction: usize) -> Option<BlockId> {
        let index = self
            .graph
            .raw_nodes()
            .binary_search_by_key(&instruction, |node| node.weight.instructions.start);
        index.ok().map(BlockId::new)
    }

    /// Whether execution can get to a block from the entry.
    pub fn is_reachable(&self, block: BlockId) -> bool {
        self.reachable[block.index()]
    }

    /// Where control goes from a block: `Next`, `Jump`, `Exception`, in this order.
    pub fn successors(&self, block: BlockId) -> Vec<(Edge, BlockId)> {
        let mut list: Vec<_> = self
            .graph
            .edges(block)
            .map(|edge| (*edge.weight(), edge.target()))
            .collect();
        list.sort_unstable();
        list
    }

    /// The reachable blocks from which control comes.
    pub fn predecessors(&self, block: BlockId) -> Vec<(Edge, BlockId)> {
        let mut list: Vec<_> = self
            .graph
            .edges_directed(block, petgraph::Direction::Incoming)
            .map(|edge| (*edge.weight(), edge.source()))
            .filter(|&(_, source)| self.is_reachable(source))
            .collect();
        list.sort_unstable();
        list
    }

    /// The reachable blocks, each before the blocks it dominates.
    pub fn reverse_postorder(&self) -> Vec<BlockId> {
        let mut search = DfsPostOrder::new(&self.graph, self.entry());
        let mut order = Vec::new();
        while let Some(block) = search.next(&self.graph) {
            order.push(block);
        }
        order.reverse();
        order
    }

    /// The dominator tree of the reachable blocks.
    pub fn dominators(&self) -> Dominators<BlockId> {
        simple_fast(&self.graph, self.entry())
    }

    /// The loops, and whether there are others than natural ones.
    pub fn loops(&self) -> Loops {
        Loops::new(self)
    }
}

/// The numbers of the instructions with which blocks begin.
fn leaders(program: &Program<'_>) -> BTreeSet<usize> {
    let mut leaders = BTreeSet::from([0]);
    for handler in program.handlers() {
        leaders.extend(program.at(handler.target));
    }
    for (index, instruction) in program.instructions().iter().enumerate() {
        leaders.extend(program.target(instruction));
        if instruction.row.flow != Flow::Next {
            leaders.insert(index + 1);
        }
    }
    leaders.remove(&program.instructions().len());
    let more = handler_changes(program, &leaders);
    leaders.extend(more);
    leaders
}

/// Where, within a block, exceptions begin to go elsewhere.
fn handler_changes(program: &Program<'_>, leaders: &BTreeSet<usize>) -> Vec<usize> {
    let mut changes = Vec::new();
    let mut current = None;
    for (index, instruction) in program.instructions().iter().enumerate() {
        if leaders.contains(&index) {
            current = None;
        }
        if !instruction.row.raises {
            continue;
        }
        let handler = program
            .handler(instruction)
            .map(|handler| (handler.target, handler.depth, handler.lasti));
        if current.is_some_and(|current| current != handler) {
            changes.push(index);
        }
        current = Some(handler);
    }
    changes
}

fn connect(
    graph: &mut DiGraph<Block, Edge>,
    program: &Program<'_>,
    leaders: &[usize],
    block: BlockId,
) {
    let block_at = |instruction: usize| leaders.binary_search(&instruction).ok().map(BlockId::new);
    let Block {
        instructions: range,
        handler,
    } = graph[block].clone();
    let instructions = &program.instructions()[range.clone()];
    let last = &instructions[instructions.len() - 1];
    let goes_on = matches!(last.row.flow, Flow::Next | Flow::Branch | Flow::Iterate);
    if let Some(next) = block_at(range.end).filter(|_| goes_on) {
        graph.add_edge(block, next, Edge::Next);
    }
    if let Some(target) = program.target(last).and_then(block_at) {
        graph.add_edge(block, target, Edge::Jump);
    }
    let target = handler.and_then(|handler| program.at(handler.target));
    if let Some(target) = target.and_then(block_at) {
        graph.add_edge(block, target, Edge::Exception);
    }
}

//! Counts on the edges between blocks.

use super::classify::Classes;
use crate::{
    analysis::{
        liveness::{Liveness, Numbers, step_back},
        slots::defining_op,
    },
    cfg::{Cfg, Edge, edges, name_of, operand_of, replace_edges, value_key},
    cursor::Cursor,
    function::{Function, failure_branch},
};
use melior::ir::{
    Block, BlockLike, OperationRef, RegionLike, Value, ValueLike, operation::OperationLike,
};

/// The counts of one edge.
pub struct EdgeCounts<'c, 'a> {
    source: usize,
    number: usize,
    increfs: Vec<Value<'c, 'a>>,
    decrefs: Vec<Value<'c, 'a>>,
}

/// Finds the counts on the edges.
pub fn plan<'c, 'a>(
    cfg: &Cfg<'c, 'a>,
    classes: &Classes<'c, 'a>,
    liveness: &Liveness,
) -> Vec<EdgeCounts<'c, 'a>> {
    let mut counts = Vec::new();
    for (source, block) in cfg.blocks.iter().enumerate() {
        let Some(terminator) = block.terminator() else {
            continue;
        };
        let mut available = liveness.at_end[source].clone();
        step_back(
            &classes.values,
            &mut available,
            terminator,
            &terminator.operands().collect::<Vec<_>>(),
        );
        let failing = failing_op(terminator);
        if let Some(op) = failing {
            op.results()
                .filter_map(|result| classes.values.number(result.into()))
                .for_each(|number| available.insert(number));
        }
        for (number, target) in cfg.successors[source].iter().enumerate() {
            let unborn = failing.filter(|_| number == 0);
            let needed = &liveness.at_start[*target];
            let edge = plan_edge(cfg, classes, (source, number), needed, &available, unborn);
            if !edge.increfs.is_empty() || !edge.decrefs.is_empty() {
                counts.push(edge);
            }
        }
    }
    counts
}

/// The op whose failure a branch tests.
fn failing_op<'c, 'a>(terminator: OperationRef<'c, 'a>) -> Option<OperationRef<'c, 'a>> {
    let condition = operand_of(terminator, 0).filter(|_| name_of(terminator) == "cf.cond_br")?;
    let op = defining_op(condition)?;
    (failure_branch(op) == Some(terminator)).then_some(op)
}

fn plan_edge<'c, 'a>(
    cfg: &Cfg<'c, 'a>,
    classes: &Classes<'c, 'a>,
    (source, number): (usize, usize),
    needed: &Numbers,
    available: &Numbers,
    unborn: Option<OperationRef<'c, 'a>>,
) -> EdgeCounts<'c, 'a> {
    let mut counts = EdgeCounts {
        source,
        number,
        increfs: Vec::new(),
        decrefs: Vec::new(),
    };
    let mut gone: Vec<usize> = Vec::new();
    let is_needed = |value| {
        classes
            .values
            .number(value)
            .is_some_and(|number| needed.contains(number))
    };
    for operand in cfg.edge_operands(source, number) {
        let key = value_key(operand);
        if operand.r#type() != classes.object {
            continue;
        }
        if classes.is_owned(operand) && !is_needed(operand) && !gone.contains(&key) {
            gone.push(key);
        } else {
            counts.increfs.push(operand);
        }
    }
    let is_unborn = |value| {
        unborn.is_some_and(|op| {
            op.results()
                .any(|result| value_key(result.into()) == value_key(value))
        })
    };
    let mut dying: Vec<Value> = available
        .iter()
        .map(|number| classes.values.value(number))
        .collect();
    dying.retain(|value| {
        classes.is_owned(*value)
            && !is_needed(*value)
            && !gone.contains(&value_key(*value))
            && !is_unborn(*value)
    });
    // The interpreter drops its stack from the top.
    dying.reverse();
    counts.decrefs = dying;
    counts
}

/// Inserts the counts: in front of a jump, at the start of a block that only this edge reaches, or in a new block.
pub fn apply<'c, 'a>(
    function: &Function<'c, 'a>,
    cfg: &Cfg<'c, 'a>,
    classes: &Classes<'c, 'a>,
    counts: Vec<EdgeCounts<'c, 'a>>,
) {
    for edge in counts {
        let source = cfg.blocks[edge.source];
        let Some(terminator) = source.terminator() else {
            continue;
        };
        let target = cfg.successors[edge.source][edge.number];
        if cfg.successors[edge.source].len() == 1 {
            emit(classes, &function.before(terminator), &edge);
        } else if cfg.predecessors[target].len() == 1 {
            emit(classes, &start_of(function, cfg, target, terminator), &edge);
        } else {
            split(function, classes, terminator, &edge);
        }
    }
}

/// The traceback entry comes first.
fn start_of<'c, 'a>(
    function: &Function<'c, 'a>,
    cfg: &Cfg<'c, 'a>,
    target: usize,
    terminator: OperationRef<'c, 'a>,
) -> Cursor<'c, 'a> {
    let block = cfg.blocks[target];
    match block
        .first_operation()
        .filter(|first| name_of(*first) == "py.traceback")
    {
        Some(first) => function.after(first),
        None => function.at_start(block, terminator.location()),
    }
}

fn split<'c, 'a>(
    function: &Function<'c, 'a>,
    classes: &Classes<'c, 'a>,
    terminator: OperationRef<'c, 'a>,
    edge: &EdgeCounts<'c, 'a>,
) {
    let source = terminator.block().expect("the branch is in a block");
    let mut ways = edges(terminator);
    let way = &ways[edge.number];
    let block = function.region.insert_block_after(source, Block::new(&[]));
    let cursor = function.at_end(block, terminator.location());
    emit(classes, &cursor, edge);
    cursor.jump(way.target, &way.operands);
    ways[edge.number] = Edge {
        target: block,
        operands: Vec::new(),
    };
    replace_edges(function.context, function.types, terminator, &ways);
}

fn emit<'c, 'a>(classes: &Classes<'c, 'a>, cursor: &Cursor<'c, 'a>, edge: &EdgeCounts<'c, 'a>) {
    edge.increfs
        .iter()
        .for_each(|value| classes.emit(cursor, "py.incref", *value));
    edge.decrefs
        .iter()
        .for_each(|value| classes.emit(cursor, "py.decref", *value));
}

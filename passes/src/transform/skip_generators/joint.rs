//! Where the way past a loop meets the way through it.
//!
//! What the loop carries is not known on the way past it. So the joint has arguments for what is used behind it: what is
//! carried at the end, or what would be at the start.

use super::{
    consumer::Consumer,
    graph::{Graph, Use},
};
use crate::{
    cfg::{Cfg, Edge, edges, name_of, operand_of, replace_edges, value_key},
    cursor::result_of,
    function::Function,
    inspect::defining_op,
};
use melior::ir::{
    Block, BlockLike, BlockRef, Operation, OperationRef, RegionLike, Value, ValueLike,
    operation::OperationLike,
};

/// What the joint has to pass on.
pub struct Joint<'c, 'a> {
    call: OperationRef<'c, 'a>,
    passed: Vec<Passed<'c, 'a>>,
    /// Constants that are used behind the joint, each with its users there.
    constants: Vec<(OperationRef<'c, 'a>, Vec<Use<'c, 'a>>)>,
}

/// A value that the loop carries, and is used behind the joint.
struct Passed<'c, 'a> {
    value: Value<'c, 'a>,
    /// What it is on the way past the loop; none for what the generator returns.
    at_start: Option<Value<'c, 'a>>,
    users: Vec<Use<'c, 'a>>,
}

/// The joint as a block.
pub struct Built<'c, 'a> {
    pub block: BlockRef<'c, 'a>,
    /// The values for its arguments on the way past the loop; none for what the generator returns.
    pub at_start: Vec<Option<Value<'c, 'a>>>,
}

impl<'c, 'a> Joint<'c, 'a> {
    /// What has to be passed on, if there can be such a way.
    pub fn plan(
        function: &Function<'c, 'a>,
        call: OperationRef<'c, 'a>,
        consumer: &Consumer<'c, 'a>,
    ) -> Option<Self> {
        let cfg = Cfg::new(function.region);
        let graph = Graph::new(&cfg, call, consumer)?;
        let carried = carried(&cfg, consumer)?;
        let mut joint = Self {
            call,
            passed: Vec::new(),
            constants: Vec::new(),
        };
        let end = edges(consumer.branch).into_iter().next()?.operands;
        let is_on_edge = |value| {
            end.iter()
                .any(|operand| value_key(*operand) == value_key(value))
        };
        for value in graph.new_values(&cfg, call) {
            let users = graph.users_behind(&cfg, call, value)?;
            if users.is_empty() && !is_on_edge(value) {
                continue;
            }
            let found = carried
                .iter()
                .find(|(known, _)| value_key(*known) == value_key(value));
            if let Some((_, at_start)) = found {
                if !graph.is_known_before(&cfg, call, *at_start) {
                    return None;
                }
                joint.passed.push(Passed {
                    value,
                    at_start: Some(*at_start),
                    users,
                });
            } else if consumer
                .returned
                .is_some_and(|returned| value_key(returned) == value_key(value))
            {
                joint.passed.push(Passed {
                    value,
                    at_start: None,
                    users,
                });
            } else {
                let constant = defining_op(value).filter(|op| is_constant(*op))?;
                joint.constants.push((constant, users));
            }
        }
        Some(joint)
    }

    /// Puts the joint into the edge on which the loop ends.
    pub fn build(self, function: &Function<'c, 'a>, consumer: &Consumer<'c, 'a>) -> Built<'c, 'a> {
        let location = self.call.location();
        let arguments: Vec<_> = self
            .passed
            .iter()
            .map(|passed| (passed.value.r#type(), location))
            .collect();
        let block = function
            .region
            .insert_block_after(consumer.decision, Block::new(&arguments));
        let mut ways = edges(consumer.branch);
        let end = std::mem::replace(
            &mut ways[0],
            Edge {
                target: block,
                operands: self.passed.iter().map(|passed| passed.value).collect(),
            },
        );
        replace_edges(function.context, function.types, consumer.branch, &ways);
        let jump = function
            .at_end(block, location)
            .jump(end.target, &end.operands);
        let numbers = 0..jump.operand_count();
        let on_edge: Vec<Use> = numbers.map(|number| (jump, number)).collect();
        for (index, passed) in self.passed.iter().enumerate() {
            if let Ok(argument) = block.argument(index) {
                rename(
                    passed.value,
                    argument.into(),
                    passed.users.iter().chain(&on_edge).copied(),
                );
            }
        }
        for (constant, users) in &self.constants {
            let copy = function.before(jump).insert(Operation::clone(constant));
            let users = users.iter().chain(&on_edge).copied();
            rename(result_of(*constant, 0), result_of(copy, 0), users);
        }
        Built {
            block,
            at_start: self.passed.iter().map(|passed| passed.at_start).collect(),
        }
    }
}

fn is_constant(op: OperationRef) -> bool {
    matches!(
        name_of(op),
        "arith.constant" | "py.constant" | "py.none" | "py.null"
    )
}

/// Has these operands be another value, where they are that one.
fn rename<'c: 'a, 'a>(
    value: Value<'c, 'a>,
    other: Value<'c, 'a>,
    users: impl IntoIterator<Item = Use<'c, 'a>>,
) {
    for (user, number) in users {
        if operand_of(user, number).is_some_and(|operand| value_key(operand) == value_key(value)) {
            // SAFETY: op and value are alive, and the op has such an operand.
            unsafe {
                mlir_sys::mlirOperationSetOperand(user.to_raw(), number as isize, other.to_raw());
            }
        }
    }
}

/// The arguments of the head, with what they are when the loop begins. None when it begins in several ways.
fn carried<'c, 'a>(
    cfg: &Cfg<'c, 'a>,
    consumer: &Consumer<'c, 'a>,
) -> Option<Vec<(Value<'c, 'a>, Value<'c, 'a>)>> {
    let head = cfg.place(consumer.head)?;
    let dominators = cfg.dominators();
    let is_inside = |mut place: usize| {
        while place != head && place != 0 {
            place = dominators[place];
        }
        place == head
    };
    let mut entries = cfg.predecessors[head]
        .iter()
        .filter(|(source, _)| !is_inside(*source));
    let (source, number) = *entries.next()?;
    if entries.next().is_some() {
        return None;
    }
    let arguments = (0..consumer.head.argument_count())
        .filter_map(|index| Some(consumer.head.argument(index).ok()?.into()));
    Some(arguments.zip(cfg.edge_operands(source, number)).collect())
}

//! What a generator does before anything that has an effect.

use super::{OwnCall, joint::Built};
use crate::{
    cfg::{Edge, edges, name_of, operand_of, value_key},
    collections::IndexMap,
    cursor::{Cursor, Weights, result_of},
    function::{Function, raised},
    inspect::{int_attribute, result},
};
use melior::ir::{
    Block, BlockLike, BlockRef, Operation, OperationRef, RegionLike, Value,
    operation::{OperationLike, OperationMutLike, OperationRefMut},
};
use stepwell_dialects::ir::{operations, split_block_before};

/// More ops than this are not copied.
const LARGE: usize = 24;

/// A part of the function from its start on: what a block does, and how it goes on.
pub struct Beginning<'c, 'a> {
    steps: Vec<Step<'c, 'a>>,
    end: End<'c, 'a>,
}

enum Step<'c, 'a> {
    /// An op without effects.
    Copy(OperationRef<'c, 'a>),
    /// One that has none on objects of builtin types, and its form that tells whether they are.
    Try(OperationRef<'c, 'a>, &'static str),
    /// The value of a parameter.
    Parameter(OperationRef<'c, 'a>, usize),
}

enum End<'c, 'a> {
    Returns(Value<'c, 'a>),
    Goes(Edge<'c, 'a>, Box<Beginning<'c, 'a>>),
    Chooses(Value<'c, 'a>, Box<[(Edge<'c, 'a>, Beginning<'c, 'a>); 2]>),
    /// In front of something that has an effect.
    Acts,
}

impl<'c, 'a> Beginning<'c, 'a> {
    /// That of a function, if it can end before it does anything.
    pub fn of(function: &Function<'c, 'a>) -> Option<Self> {
        let start = function.region.first_block()?;
        let mut budget = LARGE;
        Some(Self::from(start, &mut budget)).filter(Self::ends)
    }

    fn ends(&self) -> bool {
        match &self.end {
            End::Returns(_) => true,
            End::Goes(_, next) => next.ends(),
            End::Chooses(_, ways) => ways.iter().any(|(_, way)| way.ends()),
            End::Acts => false,
        }
    }

    fn from(block: BlockRef<'c, 'a>, budget: &mut usize) -> Self {
        let mut steps = Vec::new();
        // Nothing that is tried or left out raises.
        let mut never = Vec::new();
        for op in operations(block) {
            match name_of(op) {
                "py.frame_state" | "state.sent" | "py.check_frame" => continue,
                "py.poll" => never.extend(raised(op).map(value_key)),
                "cf.br" | "cf.cond_br" => {
                    let end = Self::branch(op, &never, budget);
                    return Self { steps, end };
                }
                "state.return" => {
                    let end = operand_of(op, 0).map_or(End::Acts, End::Returns);
                    return Self { steps, end };
                }
                _ => match Self::step(op).filter(|_| *budget > 0) {
                    Some(step) => {
                        *budget -= 1;
                        never.extend(raised(op).map(value_key));
                        steps.push(step);
                    }
                    None => break,
                },
            }
        }
        Self {
            steps,
            end: End::Acts,
        }
    }

    fn step(op: OperationRef<'c, 'a>) -> Option<Step<'c, 'a>> {
        match name_of(op) {
            "arith.constant" | "py.constant" | "py.none" | "py.null" | "py.is" | "arith.xori" => {
                Some(Step::Copy(op))
            }
            "py.compare" => Some(Step::Try(op, "py.try_compare")),
            "py.truth" => Some(Step::Try(op, "py.try_truth")),
            "py.load_local" => {
                let index = int_attribute(op, "index")?;
                Some(Step::Parameter(op, usize::try_from(index).ok()?))
            }
            _ => None,
        }
    }

    fn branch(op: OperationRef<'c, 'a>, never: &[usize], budget: &mut usize) -> End<'c, 'a> {
        let mut ways = edges(op).into_iter();
        let (condition, first, second) = (operand_of(op, 0), ways.next(), ways.next());
        match (condition, first, second) {
            (Some(condition), Some(_), Some(no)) if never.contains(&value_key(condition)) => {
                Self::go(no, budget)
            }
            (Some(condition), Some(yes), Some(no)) => {
                let way = |edge: Edge<'c, 'a>, budget: &mut usize| {
                    let next = Self::from(edge.target, budget);
                    (edge, next)
                };
                let ways = [way(yes, budget), way(no, budget)];
                End::Chooses(condition, Box::new(ways))
            }
            (_, Some(edge), None) => Self::go(edge, budget),
            _ => End::Acts,
        }
    }

    fn go(edge: Edge<'c, 'a>, budget: &mut usize) -> End<'c, 'a> {
        // A loop without effects would be copied for ever.
        if *budget == 0 {
            return End::Acts;
        }
        *budget -= 1;
        let next = Self::from(edge.target, budget);
        End::Goes(edge, Box::new(next))
    }

    /// Puts the beginning in front of a call of the function itself.
    pub fn insert(
        &self,
        function: &Function<'c, 'a>,
        own: &OwnCall<'c, 'a>,
        joint: &Built<'c, 'a>,
    ) {
        let Some(before) = own.call.block() else {
            return;
        };
        let make = split_block_before(own.call);
        let cursor = function.at_end(before, own.call.location());
        let mut is_own = cursor.value("py.calls_itself", &[own.callable], function.types.i1, &[]);
        if let Some(receiver) = own.receiver {
            let null = cursor.value("py.null", &[], function.types.object, &[]);
            let none = cursor.value("py.is", &[receiver, null], function.types.i1, &[]);
            let given = not(&cursor, none);
            is_own = cursor.value("arith.andi", &[is_own, given], function.types.i1, &[]);
        }
        let start = function.region.insert_block_after(before, Block::new(&[]));
        cursor.choose(is_own, start, make, Weights::Even);
        let work = Work {
            function,
            own,
            make,
            joint,
        };
        work.write(self, start, &IndexMap::default());
    }
}

fn not<'c, 'a>(cursor: &Cursor<'c, 'a>, value: Value<'c, 'a>) -> Value<'c, 'a> {
    let i1 = cursor.types.i1;
    let yes = crate::transform::inline_generators::body::flag(cursor, true);
    cursor.value("arith.xori", &[value, yes], i1, &[])
}

/// The values in the copy, by those in the function.
type Values<'c, 'a> = IndexMap<usize, Value<'c, 'a>>;

struct Work<'w, 'c, 'a> {
    function: &'w Function<'c, 'a>,
    own: &'w OwnCall<'c, 'a>,
    make: BlockRef<'c, 'a>,
    joint: &'w Built<'c, 'a>,
}

impl<'c, 'a> Work<'_, 'c, 'a> {
    /// Writes what begins there at the end of a block.
    fn write(
        &self,
        beginning: &Beginning<'c, 'a>,
        mut block: BlockRef<'c, 'a>,
        values: &Values<'c, 'a>,
    ) {
        let function = self.function;
        let location = self.own.call.location();
        let mut values = values.clone();
        for step in &beginning.steps {
            let cursor = function.at_end(block, location);
            match step {
                Step::Parameter(op, index) => {
                    let Some(argument) = self.own.arguments.get(*index) else {
                        cursor.jump(self.make, &[]);
                        return;
                    };
                    values.insert(value_key(result_of(*op, 0)), *argument);
                }
                Step::Copy(op) => {
                    let copy = cursor.insert(Operation::clone(op));
                    for index in 0..copy.operand_count() {
                        if let Some(operand) = operand_of(*op, index) {
                            // SAFETY: the op is new.
                            let mut copy = unsafe { OperationRefMut::from_raw(copy.to_raw()) };
                            copy.set_operand(index, known(&values, operand));
                        }
                    }
                    values.insert(value_key(result_of(*op, 0)), result_of(copy, 0));
                }
                Step::Try(op, name) => {
                    block = self.attempt(*op, name, block, &mut values);
                }
            }
        }
        let cursor = function.at_end(block, location);
        match &beginning.end {
            End::Acts => {
                cursor.jump(self.make, &[]);
            }
            End::Returns(value) => {
                let returned = known(&values, *value);
                let operands: Vec<_> = self
                    .joint
                    .at_start
                    .iter()
                    .map(|at_start| at_start.unwrap_or(returned))
                    .collect();
                cursor.jump(self.joint.block, &operands);
            }
            End::Goes(edge, next) => self.write(next, block, &arriving(&values, edge)),
            End::Chooses(condition, ways) => {
                let [yes, no] = ways.each_ref().map(|(edge, next)| {
                    let way = function.region.insert_block_after(block, Block::new(&[]));
                    self.write(next, way, &arriving(&values, edge));
                    way
                });
                cursor.choose(known(&values, *condition), yes, no, Weights::Even);
            }
        }
    }

    /// Goes on in a new block when the op was possible.
    fn attempt(
        &self,
        op: OperationRef<'c, 'a>,
        name: &str,
        block: BlockRef<'c, 'a>,
        values: &mut Values<'c, 'a>,
    ) -> BlockRef<'c, 'a> {
        let function = self.function;
        let cursor = function.at_end(block, self.own.call.location());
        let (i1, object) = (function.types.i1, function.types.object);
        let count = op.operand_count() - 1;
        let operands: Vec<_> = (0..count)
            .filter_map(|index| Some(known(values, operand_of(op, index)?)))
            .collect();
        let kind = op.attribute("kind").ok().map(|kind| ("kind", kind));
        let attributes: Vec<_> = kind.into_iter().collect();
        let tried = cursor.op(name, &operands, &[i1, i1], &attributes);
        let next = function.region.insert_block_after(block, Block::new(&[]));
        cursor.choose(result_of(tried, 0), next, self.make, Weights::Even);
        let mut answer = result_of(tried, 1);
        if name_of(op) == "py.compare" {
            let cursor = function.at_end(next, self.own.call.location());
            answer = cursor.value("py.box", &[answer], object, &[]);
        }
        if let Some(old) = result(op, 0) {
            values.insert(value_key(old), answer);
        }
        next
    }
}

fn known<'c, 'a>(values: &Values<'c, 'a>, value: Value<'c, 'a>) -> Value<'c, 'a> {
    values.get(&value_key(value)).copied().unwrap_or(value)
}

/// The values where an edge leads.
fn arriving<'c, 'a>(values: &Values<'c, 'a>, edge: &Edge<'c, 'a>) -> Values<'c, 'a> {
    let mut arriving = values.clone();
    for (index, operand) in edge.operands.iter().enumerate() {
        if let Ok(argument) = edge.target.argument(index) {
            arriving.insert(value_key(argument.into()), known(values, *operand));
        }
    }
    arriving
}

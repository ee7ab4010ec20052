//! Between which bounds the integers of a function are.
//!
//! A forward dataflow over the values of type `i64`: what an op yields lies between bounds that follow from those of its
//! operands, an argument of a block between those of what the edges pass to it. A remainder by a constant is bounded,
//! and so is all that is made of few of them; for such arithmetic nobody has to look whether the result fits.
//!
//! ```text
//!   %x = num.mod %a, %c1000        0 .. 999
//!   %y = num.mul %x, %c50          0 .. 49950
//!   %z = num.add %y, %x            0 .. 50949
//! ```
//!
//! The item of a counted loop goes from its start to one step beyond its last value. An argument whose bounds keep
//! moving has none.

use crate::{
    cfg::{Cfg, name_of, value_key},
    collections::HashMap,
    inspect::{arith_constant, defining_op, int_attribute, str_attribute},
};
use melior::ir::{BlockLike, OperationRef, Value, ValueLike, operation::OperationLike};
use stepwell_dialects::ir::{Types, operations};

/// Bounds of an integer, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// The least value.
    pub low: i64,
    /// The greatest value.
    pub high: i64,
}

/// How often a block is looked at before bounds that still move are given up.
const PATIENCE: usize = 2;
/// How often the function is looked at at most.
const ROUNDS: usize = 12;

impl Interval {
    /// All integers of 64 bits.
    pub const ALL: Self = Self {
        low: i64::MIN,
        high: i64::MAX,
    };

    /// A single number.
    pub fn exactly(number: i64) -> Self {
        Self {
            low: number,
            high: number,
        }
    }

    /// The only number there is.
    pub fn constant(self) -> Option<i64> {
        (self.low == self.high).then_some(self.low)
    }

    fn new(low: i64, high: i64) -> Self {
        Self { low, high }
    }

    fn join(self, other: Self) -> Self {
        Self::new(self.low.min(other.low), self.high.max(other.high))
    }
}

/// Exact bounds of a result, which may need more than 64 bits.
#[derive(Clone, Copy)]
struct Exact {
    low: i128,
    high: i128,
}

impl Exact {
    fn among(candidates: impl IntoIterator<Item = i128>) -> Self {
        let empty = Self {
            low: i128::MAX,
            high: i128::MIN,
        };
        candidates.into_iter().fold(empty, |bounds, value| Self {
            low: bounds.low.min(value),
            high: bounds.high.max(value),
        })
    }

    fn of(what: &str, lhs: Interval, rhs: Interval) -> Option<Self> {
        let [a, b, c, d] = [lhs.low, lhs.high, rhs.low, rhs.high].map(i128::from);
        Some(match what {
            "add" => Self::among([a + c, b + d]),
            "sub" => Self::among([a - d, b - c]),
            "mul" => Self::among([a * c, a * d, b * c, b * d]),
            _ => return None,
        })
    }

    fn fits(self) -> bool {
        self.low >= i64::MIN.into() && self.high <= i64::MAX.into()
    }

    fn clamp(self) -> Interval {
        let cut = |value: i128| value.clamp(i64::MIN.into(), i64::MAX.into()) as i64;
        Interval::new(cut(self.low), cut(self.high))
    }
}

/// The bounds of the integers of a function. They are good as long as the function is not changed.
pub struct Intervals {
    known: HashMap<usize, Interval>,
}

/// A function under analysis.
struct Body<'c, 'a, 'g> {
    types: &'g Types<'c>,
    cfg: &'g Cfg<'c, 'a>,
    dominators: Vec<usize>,
}

/// The values that an edge into a block passes, and the place of the block it comes from.
type Passed<'c, 'a> = (usize, Vec<Value<'c, 'a>>);

impl Intervals {
    /// Runs the analysis. A value that it did not see has no bounds.
    pub fn new<'c, 'a>(types: &Types<'c>, cfg: &Cfg<'c, 'a>) -> Self {
        let mut this = Self {
            known: HashMap::default(),
        };
        let body = Body {
            types,
            cfg,
            dominators: cfg.dominators(),
        };
        for round in 0..ROUNDS {
            if !this.round(&body, round < PATIENCE) {
                return this;
            }
        }
        this.known.clear();
        this
    }

    /// The bounds of a value.
    pub fn of(&self, value: Value) -> Interval {
        self.seen(value).unwrap_or(Interval::ALL)
    }

    /// Whether the exact result of an op, `add`, `sub` or `mul`, is an integer of 64 bits.
    pub fn fits(&self, what: &str, lhs: Value, rhs: Value) -> bool {
        Exact::of(what, self.of(lhs), self.of(rhs)).is_some_and(Exact::fits)
    }

    fn seen(&self, value: Value) -> Option<Interval> {
        match arith_constant(value) {
            Some(number) => Some(Interval::exactly(number)),
            None => self.known.get(&value_key(value)).copied(),
        }
    }

    /// Looks at each block once. Whether anything was learnt.
    fn round(&mut self, body: &Body, patient: bool) -> bool {
        let mut changed = false;
        for (place, block) in body.cfg.blocks.iter().enumerate() {
            changed |= self.arguments(body, place, patient);
            for op in operations(*block) {
                for result in op.results() {
                    let result: Value = result.into();
                    if result.r#type() == body.types.i64 {
                        let found = self.result(op);
                        changed |= self.learn(result, found, true);
                    }
                }
            }
        }
        changed
    }

    fn arguments(&mut self, body: &Body, place: usize, patient: bool) -> bool {
        let block = body.cfg.blocks[place];
        let mut changed = false;
        let integers: Vec<_> = (0..block.argument_count())
            .filter_map(|index| Some((index, Value::from(block.argument(index).ok()?))))
            .filter(|(_, argument)| argument.r#type() == body.types.i64)
            .collect();
        if integers.is_empty() {
            return false;
        }
        let edges: Vec<Passed> = body.cfg.predecessors[place]
            .iter()
            .map(|(source, number)| (*source, body.cfg.edge_operands(*source, *number)))
            .collect();
        for (index, argument) in integers {
            let found = match place {
                0 => Some(Interval::ALL),
                _ => self.argument(body, place, index, &edges),
            };
            changed |= self.learn(argument, found, patient);
        }
        changed
    }

    /// Bounds only widen; without patience a bound that moves goes as far as it can.
    fn learn(&mut self, value: Value, found: Option<Interval>, patient: bool) -> bool {
        let Some(found) = found else { return false };
        let Some(old) = self.known.get(&value_key(value)).copied() else {
            self.known.insert(value_key(value), found);
            return true;
        };
        let mut new = old.join(found);
        if !patient && new.low < old.low {
            new.low = i64::MIN;
        }
        if !patient && new.high > old.high {
            new.high = i64::MAX;
        }
        self.known.insert(value_key(value), new);
        new != old
    }

    /// What the edges pass to an argument; nothing as long as no edge is known.
    fn argument(
        &self,
        body: &Body,
        place: usize,
        index: usize,
        edges: &[Passed],
    ) -> Option<Interval> {
        let passed = |(_, operands): &Passed| self.seen(*operands.get(index)?);
        self.item(body, place, index, edges)
            .or_else(|| edges.iter().filter_map(passed).reduce(Interval::join))
    }

    /// An argument that grows by a constant while another counts down to zero.
    fn item(&self, body: &Body, place: usize, index: usize, edges: &[Passed]) -> Option<Interval> {
        let block = body.cfg.blocks[place];
        let argument: Value = block.argument(index).ok()?.into();
        let [one, other] = edges else { return None };
        let (entry, back) = match stepped(argument, *one.1.get(index)?) {
            Some(_) => (other, one),
            None => (one, other),
        };
        let step = stepped(argument, *back.1.get(index)?)?;
        let counts_down = |number: &usize| {
            let left = block.argument(*number).map(Value::from);
            left.is_ok_and(|left| {
                stepped(left, back.1[*number]) == Some(-1)
                    && body.leaves_at_zero(place, left, back.0)
            })
        };
        let left = (0..block.argument_count()).find(counts_down)?;
        let (start, count) = (self.seen(entry.1[index])?, self.seen(entry.1[left])?);
        if count.low < 0 {
            return None;
        }
        let way = i128::from(count.high) * i128::from(step);
        let ends = [start.low, start.high].map(i128::from);
        let all = Exact::among(ends.into_iter().flat_map(|end| [end, end + way]));
        all.fits().then(|| all.clamp())
    }

    fn result(&self, op: OperationRef) -> Option<Interval> {
        let operand = |index: usize| {
            let value = (index < op.operand_count()).then(|| op.operand(index).ok())??;
            self.seen(value)
        };
        let name = name_of(op);
        let unsigned = op.has_attribute("nosign");
        match name {
            "num.add" | "num.sub" | "num.mul" if !unsigned => {
                let exact = Exact::of(&name[4..], operand(0)?, operand(1)?)?;
                let wraps = str_attribute(op, "overflow") == Some("wrap");
                Some(match exact.fits() || !wraps {
                    true => exact.clamp(),
                    false => Interval::ALL,
                })
            }
            "arith.addi" | "arith.subi" | "arith.muli" => {
                let exact = Exact::of(&name[6..9], operand(0)?, operand(1)?)?;
                Some(match exact.fits() {
                    true => exact.clamp(),
                    false => Interval::ALL,
                })
            }
            "num.mod" if !unsigned => Some(modulo(operand(0)?, operand(1)?)),
            "num.mulmod" => Some(modulo(Interval::ALL, operand(3)?)),
            "num.floordiv" if !unsigned => Some(quotient(operand(0)?, operand(1)?)),
            "arith.andi" => Some(conjunction(operand(0)?, operand(1)?)),
            "arith.ori" | "arith.xori" => Some(disjunction(operand(0)?, operand(1)?)),
            "arith.extui" => Some(Interval::new(0, widened(op)?)),
            "arith.select" => Some(operand(1)?.join(operand(2)?)),
            "arith.minsi" => {
                let (one, other) = (operand(0)?, operand(1)?);
                Some(Interval::new(
                    one.low.min(other.low),
                    one.high.min(other.high),
                ))
            }
            "arith.maxsi" => {
                let (one, other) = (operand(0)?, operand(1)?);
                Some(Interval::new(
                    one.low.max(other.low),
                    one.high.max(other.high),
                ))
            }
            "num.shr" if !unsigned => Some(shifted(operand(0)?)),
            "num.range_length" => Some(length(operand(0)?, operand(1)?, operand(2)?)),
            _ => Some(Interval::ALL),
        }
    }
}

/// The constant that is added to `value` to get `next`.
fn stepped(value: Value, next: Value) -> Option<i64> {
    let op = defining_op(next)?;
    let (lhs, rhs) = match name_of(op) {
        "arith.addi" | "arith.subi" => (op.operand(0).ok()?, op.operand(1).ok()?),
        _ => return None,
    };
    let step = (value_key(lhs) == value_key(value)).then(|| arith_constant(rhs))??;
    match name_of(op) {
        "arith.addi" => Some(step),
        _ => step.checked_neg(),
    }
}

impl Body<'_, '_, '_> {
    /// Whether the block at `place` tests `left` for zero, and the edge from `back` is reached only if it is not.
    fn leaves_at_zero(&self, place: usize, left: Value, back: usize) -> bool {
        let branch = self.cfg.blocks[place].terminator();
        let Some(branch) = branch.filter(|branch| name_of(*branch) == "cf.cond_br") else {
            return false;
        };
        let test = branch.operand(0).ok().and_then(defining_op);
        let is_tested = test.is_some_and(|test| {
            let operand = |index| test.operand(index).ok();
            name_of(test) == "arith.cmpi"
                && int_attribute(test, "predicate") == Some(EQUAL)
                && operand(0).is_some_and(|value| value_key(value) == value_key(left))
                && operand(1).and_then(arith_constant) == Some(0)
        });
        let on = self.cfg.successors[place][1];
        is_tested && self.cfg.predecessors[on].len() == 1 && self.dominates(on, back)
    }

    fn dominates(&self, place: usize, mut other: usize) -> bool {
        while other != place && other != 0 {
            other = self.dominators[other];
        }
        other == place
    }
}

/// `eq` of `arith.cmpi`.
const EQUAL: i64 = 0;

/// The remainder has the sign of the divisor.
fn modulo(lhs: Interval, rhs: Interval) -> Interval {
    if rhs.low > 0 {
        let most = if lhs.low >= 0 { lhs.high } else { i64::MAX };
        Interval::new(0, most.min(rhs.high - 1))
    } else if rhs.high < 0 {
        Interval::new(rhs.low.saturating_add(1), 0)
    } else {
        Interval::ALL
    }
}

fn quotient(lhs: Interval, rhs: Interval) -> Interval {
    if rhs.low <= 0 {
        return Interval::ALL;
    }
    let floor = |value: i64, divisor: i64| i128::from(value.div_euclid(divisor));
    let corners = [
        floor(lhs.low, rhs.low),
        floor(lhs.low, rhs.high),
        floor(lhs.high, rhs.low),
        floor(lhs.high, rhs.high),
    ];
    Exact::among(corners).clamp()
}

fn conjunction(lhs: Interval, rhs: Interval) -> Interval {
    let bounds = [lhs, rhs].into_iter().filter(|bounds| bounds.low >= 0);
    match bounds.map(|bounds| bounds.high).min() {
        Some(high) => Interval::new(0, high),
        None => Interval::ALL,
    }
}

/// Neither bit by bit or nor exclusive or sets a bit above the highest of both.
fn disjunction(lhs: Interval, rhs: Interval) -> Interval {
    if lhs.low < 0 || rhs.low < 0 {
        return Interval::ALL;
    }
    let bits = 64 - (lhs.high | rhs.high).leading_zeros();
    Interval::new(0, ((1u128 << bits) - 1) as i64)
}

/// What a shift to the right yields lies between its operand and zero, or -1.
fn shifted(value: Interval) -> Interval {
    let low = if value.low < 0 { value.low } else { 0 };
    let high = if value.high < 0 { -1 } else { value.high };
    Interval::new(low, high)
}

/// The greatest value of a narrow integer without a sign.
fn widened(op: OperationRef) -> Option<i64> {
    let narrow = op.operand(0).ok()?.r#type();
    let width = melior::ir::r#type::IntegerType::try_from(narrow)
        .ok()?
        .width();
    Some(((1u64 << width.min(63)) - 1) as i64)
}

/// The length of a range, which is not negative.
fn length(start: Interval, stop: Interval, step: Interval) -> Interval {
    if step.constant() != Some(1) {
        return Interval::new(0, i64::MAX);
    }
    let most = i128::from(stop.high) - i128::from(start.low);
    Interval::new(0, most.clamp(0, i64::MAX.into()) as i64)
}

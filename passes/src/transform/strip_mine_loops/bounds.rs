//! How large the integers of a strip can become, if those that it starts with are small enough.
//!
//! Integers from outside and those that an iteration computes anew are assumed to be at most `limit`; a local to which
//! each iteration adds something is a sum, which only has to leave room for a strip's worth of what is added. The largest
//! limit with which nothing can overflow is taken.

use super::{STRIP, shape::CountedLoop};
use crate::{
    cfg::{Edge, edges, name_of, operand_of, value_key},
    collections::{IndexMap, IndexSet},
    inspect::arith_constant,
};
use melior::ir::{BlockLike, BlockRef, OperationRef, Type, Value, ValueLike};
use stepwell_dialects::ir::operations;

/// What an integer may reach. Below it no intermediate result of 64 bits overflows.
const MOST: u128 = 1 << 62;
/// What a sum may be where a strip begins, and what a strip may add to it.
pub const SUM: i64 = 1 << 61;
/// The limits that are tried, as powers of two; 31 is that of a signed number of 32 bits, a usual modulus of random numbers.
const LIMITS: [u32; 13] = [52, 48, 44, 40, 36, 32, 31, 28, 24, 20, 16, 12, 8];

/// What has to be tested in front of a strip.
#[derive(Debug)]
pub struct Bounds<'c, 'a> {
    /// What the absolute values of `small` and of the items may be.
    pub limit: i64,
    /// Whether the items of the range have to keep to the limit.
    pub items: bool,
    /// Arguments of the head and values from outside that have to keep to the limit.
    pub small: Vec<Value<'c, 'a>>,
    /// Arguments of the head that must not be beyond [`SUM`].
    pub sums: Vec<Value<'c, 'a>>,
    /// What is read in an iteration (by key) and has to keep to the limit.
    pub tested: IndexSet<usize>,
}

/// The weakest tests that exclude every overflow of a strip, if there are any. What an iteration reads is tested only where
/// nothing can be proven otherwise: a strip that can end anywhere is not vectorised.
pub fn prove<'c, 'a>(found: &CountedLoop<'c, 'a>, i64: Type<'c>) -> Option<Bounds<'c, 'a>> {
    [false, true].into_iter().find_map(|tests_reads| {
        LIMITS
            .iter()
            .find_map(|bits| Analysis::new(found, i64, 1 << bits, tests_reads).run())
    })
}

/// An upper bound of an absolute value: of a value itself, or of what was added to an argument of the head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Bound {
    sum_of: Option<usize>,
    most: u128,
}

/// Nothing is known.
const UNKNOWN: Bound = Bound::plain(u128::MAX);

impl Bound {
    const fn plain(most: u128) -> Self {
        Self { sum_of: None, most }
    }

    /// Of the value itself.
    fn absolute(self) -> u128 {
        match self.sum_of {
            Some(_) => MOST,
            None => self.most,
        }
    }

    fn join(self, other: Self) -> Self {
        if self.sum_of == other.sum_of {
            Self {
                most: self.most.max(other.most),
                ..self
            }
        } else {
            Self::plain(self.absolute().max(other.absolute()))
        }
    }
}

/// What an integer argument of the head is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    Sum,
    Small,
    Unknown,
}

struct Analysis<'l, 'c, 'a> {
    found: &'l CountedLoop<'c, 'a>,
    i64: Type<'c>,
    limit: i64,
    arguments: Vec<Value<'c, 'a>>,
    roles: Vec<Role>,
    bounds: IndexMap<usize, Bound>,
    /// Values from outside, and arguments of the head, whose bound something relies on.
    used: IndexMap<usize, Value<'c, 'a>>,
    /// The most that is added to each sum anywhere in an iteration.
    added: IndexMap<usize, u128>,
    /// Whether what is read in an iteration may be tested there.
    tests_reads: bool,
    /// What is read in an iteration, if it may be tested.
    read: IndexMap<usize, Value<'c, 'a>>,
}

impl<'l, 'c, 'a> Analysis<'l, 'c, 'a> {
    fn new(found: &'l CountedLoop<'c, 'a>, i64: Type<'c>, limit: i64, tests_reads: bool) -> Self {
        let arguments = found.arguments();
        Self {
            found,
            i64,
            limit,
            roles: vec![Role::Sum; arguments.len()],
            arguments,
            bounds: IndexMap::default(),
            used: IndexMap::default(),
            added: IndexMap::default(),
            tests_reads,
            read: IndexMap::default(),
        }
    }

    fn run(mut self) -> Option<Bounds<'c, 'a>> {
        loop {
            self.start();
            let fits = self.iterate();
            let roles = self.roles_found();
            if roles == self.roles {
                // Only assumptions that hold say anything.
                return fits.then(|| self.tests()).flatten();
            }
            self.roles = roles;
        }
    }

    fn start(&mut self) {
        self.bounds.clear();
        self.used.clear();
        self.added.clear();
        for (index, argument) in self.arguments.iter().enumerate() {
            let bound = match self.roles[index] {
                _ if index == self.found.item => Bound::plain(self.limit as u128),
                _ if index == self.found.left => UNKNOWN,
                Role::Sum => Bound {
                    sum_of: Some(index),
                    most: 0,
                },
                Role::Small => Bound::plain(self.limit as u128),
                Role::Unknown => UNKNOWN,
            };
            self.bounds.insert(value_key(*argument), bound);
        }
    }

    /// Goes through an iteration; false if something can overflow.
    fn iterate(&mut self) -> bool {
        let mut fits = true;
        for block in self.found.blocks.clone() {
            if !self.found.is_head(block) {
                self.join_arguments(block);
            }
            for op in operations(block) {
                fits &= self.visit(op);
            }
        }
        fits
    }

    fn join_arguments(&mut self, block: BlockRef<'c, 'a>) {
        let incoming: Vec<Edge> = self
            .found
            .blocks
            .iter()
            .filter_map(|block| block.terminator())
            .flat_map(edges)
            .filter(|edge| edge.target == block)
            .collect();
        for index in 0..block.argument_count() {
            let Ok(argument) = block.argument(index) else {
                continue;
            };
            if Value::from(argument).r#type() != self.i64 {
                continue;
            }
            let joined = incoming
                .iter()
                .map(|edge| self.bound(edge.operands[index]))
                .reduce(Bound::join);
            self.bounds
                .insert(value_key(argument.into()), joined.unwrap_or(UNKNOWN));
        }
    }

    /// The bound of an operand, on which the result will rely.
    fn bound(&mut self, value: Value<'c, 'a>) -> Bound {
        if let Some(constant) = arith_constant(value) {
            return Bound::plain(u128::from(constant.unsigned_abs()));
        }
        let known = self.bounds.get(&value_key(value)).copied();
        let is_argument = self
            .arguments
            .iter()
            .any(|argument| value_key(*argument) == value_key(value));
        if is_argument || !self.found.defines(value) || self.read.contains_key(&value_key(value)) {
            self.used.insert(value_key(value), value);
        }
        match known {
            Some(bound) => bound,
            None if self.found.defines(value) => UNKNOWN,
            None => Bound::plain(self.limit as u128),
        }
    }

    fn visit(&mut self, op: OperationRef<'c, 'a>) -> bool {
        if let Some(value) = self.read(op) {
            self.read.insert(value_key(value), value);
            let bound = Bound::plain(self.limit as u128);
            self.bounds.insert(value_key(value), bound);
            return true;
        }
        let Some(result) = crate::inspect::result(op, 0) else {
            return true;
        };
        if result.r#type() != self.i64 {
            return true;
        }
        let (bound, checked) = self.result(op);
        if let Some(sum) = bound.sum_of {
            let most = self.added.entry(sum).or_default();
            *most = bound.most.max(*most);
        }
        self.bounds.insert(value_key(result), bound);
        !checked || bound.sum_of.is_some() || bound.most <= MOST
    }

    /// An integer that an op reads.
    fn read(&self, op: OperationRef<'c, 'a>) -> Option<Value<'c, 'a>> {
        let index = match name_of(op) {
            "py.element" if self.tests_reads => 0,
            "py.read_item" if self.tests_reads => 1,
            _ => return None,
        };
        crate::inspect::result(op, index).filter(|value| value.r#type() == self.i64)
    }

    /// The bound of a result, and whether it must not overflow.
    fn result(&mut self, op: OperationRef<'c, 'a>) -> (Bound, bool) {
        let name = name_of(op);
        let checked = name.starts_with("num.");
        let constant = operand_of(op, 1).and_then(arith_constant);
        let bound = match (name, constant) {
            ("num.add" | "arith.addi" | "num.sub" | "arith.subi", _) => self.sum(op),
            ("num.mul" | "arith.muli", _) => {
                let (left, right) = self.both(op);
                Bound::plain(left.absolute().saturating_mul(right.absolute()))
            }
            ("num.mod", Some(by)) => Bound::plain(u128::from(by.unsigned_abs().saturating_sub(1))),
            ("num.neg" | "num.abs" | "num.floordiv" | "num.shr", _) => {
                let operand = self.operand(op, 0);
                Bound::plain(operand.absolute())
            }
            ("num.shl", Some(by @ 0..62)) => {
                let operand = self.operand(op, 0);
                Bound::plain(operand.absolute().saturating_mul(1 << by))
            }
            ("num.index", _) => self.operand(op, 0),
            ("arith.andi", Some(mask @ 0..)) => Bound::plain(mask as u128),
            ("arith.andi" | "arith.ori" | "arith.xori", _) => {
                let (left, right) = self.both(op);
                let most = left.absolute().max(right.absolute());
                // Of two's complement: no more bits than the longer one, and the sign.
                most.checked_next_power_of_two()
                    .map_or(UNKNOWN, |most| Bound::plain(most.saturating_mul(2)))
            }
            ("arith.select", _) => {
                let (yes, no) = (self.operand(op, 1), self.operand(op, 2));
                yes.join(no)
            }
            ("arith.extui" | "arith.extsi", _) => Bound::plain(1),
            _ => UNKNOWN,
        };
        (bound, checked)
    }

    fn operand(&mut self, op: OperationRef<'c, 'a>, index: usize) -> Bound {
        operand_of(op, index).map_or(UNKNOWN, |value| self.bound(value))
    }

    fn both(&mut self, op: OperationRef<'c, 'a>) -> (Bound, Bound) {
        (self.operand(op, 0), self.operand(op, 1))
    }

    fn sum(&mut self, op: OperationRef<'c, 'a>) -> Bound {
        let subtracts = matches!(name_of(op), "num.sub" | "arith.subi");
        let (left, right) = self.both(op);
        match (left.sum_of, right.sum_of) {
            (Some(_), None) => Bound {
                most: left.most.saturating_add(right.most),
                ..left
            },
            (None, Some(_)) if !subtracts => Bound {
                most: left.most.saturating_add(right.most),
                ..right
            },
            _ => Bound::plain(left.absolute().saturating_add(right.absolute())),
        }
    }

    /// The roles that the ends of iterations allow.
    fn roles_found(&mut self) -> Vec<Role> {
        let latches = self.found.latches();
        let used = self.used.clone();
        let mut roles = self.roles.clone();
        for (index, role) in roles.iter_mut().enumerate() {
            if self.arguments[index].r#type() != self.i64
                || index == self.found.item
                || index == self.found.left
            {
                continue;
            }
            let next = latches
                .iter()
                .map(|values| self.bound(values[index]))
                .reduce(Bound::join)
                .unwrap_or(UNKNOWN);
            let fits = match *role {
                Role::Sum => next.sum_of == Some(index) && self.has_room(index, next.most),
                Role::Small => next.absolute() <= self.limit as u128,
                Role::Unknown => true,
            };
            if !fits {
                *role = match *role {
                    Role::Sum => Role::Small,
                    _ => Role::Unknown,
                };
            }
        }
        self.used = used;
        roles
    }

    /// Whether a strip cannot add more to a sum than there is room for.
    fn has_room(&self, index: usize, each: u128) -> bool {
        let most = self.added.get(&index).copied().unwrap_or(0);
        each.saturating_mul(STRIP as u128).saturating_add(most) <= SUM as u128
    }

    /// What has to be tested for the bounds that were relied on; nothing if one of them is unknown.
    fn tests(mut self) -> Option<Bounds<'c, 'a>> {
        let latches = self.found.latches();
        let mut tests = Bounds {
            limit: self.limit,
            items: false,
            small: Vec::new(),
            sums: Vec::new(),
            tested: IndexSet::default(),
        };
        let mut done = IndexSet::default();
        while let Some(value) = self
            .used
            .values()
            .find(|value| !done.contains(&value_key(**value)))
            .copied()
        {
            done.insert(value_key(value));
            if self.read.contains_key(&value_key(value)) {
                tests.tested.insert(value_key(value));
                continue;
            }
            let place = self
                .arguments
                .iter()
                .position(|argument| value_key(*argument) == value_key(value));
            match place.map(|place| (place, self.roles[place])) {
                None => tests.small.push(value),
                Some((place, _)) if place == self.found.item => tests.items = true,
                Some((place, _)) if place == self.found.left => {}
                Some((_, Role::Sum)) => tests.sums.push(value),
                Some((_, Role::Unknown)) => {}
                Some((place, Role::Small)) => {
                    tests.small.push(value);
                    // It keeps to the limit if what replaces it does.
                    for values in &latches {
                        self.bound(values[place]);
                    }
                }
            }
        }
        Some(tests)
    }
}

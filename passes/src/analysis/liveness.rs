//! Which values are still needed, at the border of each block.

use crate::{
    cfg::{Cfg, value_key},
    collections::IndexMap,
};
use melior::ir::{BlockLike, OperationRef, Value, operation::OperationLike};
use stepwell_dialects::ir::operations;

/// A set of small numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Numbers(Vec<u64>);

impl Numbers {
    /// Whether the number is in the set.
    pub fn contains(&self, number: usize) -> bool {
        self.0
            .get(number / 64)
            .is_some_and(|word| word >> (number % 64) & 1 == 1)
    }

    /// Adds a number.
    pub fn insert(&mut self, number: usize) {
        if self.0.len() <= number / 64 {
            self.0.resize(number / 64 + 1, 0);
        }
        self.0[number / 64] |= 1 << (number % 64);
    }

    /// Takes a number out.
    pub fn remove(&mut self, number: usize) {
        if let Some(word) = self.0.get_mut(number / 64) {
            *word &= !(1 << (number % 64));
        }
    }

    /// Adds all numbers of another set.
    pub fn extend(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        self.0
            .iter_mut()
            .zip(&other.0)
            .for_each(|(word, other)| *word |= other);
    }

    /// Takes out all numbers of another set.
    pub fn subtract(&mut self, other: &Self) {
        self.0
            .iter_mut()
            .zip(&other.0)
            .for_each(|(word, other)| *word &= !other);
    }

    /// The numbers, from the smallest on.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(place, word)| {
            let bits = std::iter::successors(Some(*word), |rest| Some(rest & rest.wrapping_sub(1)));
            bits.take_while(|rest| *rest != 0)
                .map(move |rest| place * 64 + rest.trailing_zeros() as usize)
        })
    }
}

/// The values that an analysis looks at, numbered in the order of their definition.
#[derive(Default)]
pub struct Values<'c, 'a> {
    numbers: IndexMap<usize, Value<'c, 'a>>,
}

impl<'c, 'a> Values<'c, 'a> {
    /// Gives a value the next number.
    pub fn add(&mut self, value: Value<'c, 'a>) {
        self.numbers.insert(value_key(value), value);
    }

    /// The number of a value, if it is looked at.
    pub fn number(&self, value: Value) -> Option<usize> {
        self.numbers.get_index_of(&value_key(value))
    }

    /// The value with that number.
    pub fn value(&self, number: usize) -> Value<'c, 'a> {
        self.numbers[number]
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }
}

/// The values that are needed at the start and at the end of each block.
pub struct Liveness {
    /// By place in the graph.
    pub at_start: Vec<Numbers>,
    /// By place in the graph.
    pub at_end: Vec<Numbers>,
}

impl Liveness {
    /// Runs the analysis backward to a fixpoint. `used` lists the operands that an op really needs.
    pub fn new<'c, 'a>(
        cfg: &Cfg<'c, 'a>,
        values: &Values<'c, 'a>,
        used: impl Fn(OperationRef<'c, 'a>) -> Vec<Value<'c, 'a>>,
    ) -> Self {
        let effects: Vec<_> = (0..cfg.blocks.len())
            .map(|place| Effect::new(cfg, values, place, &used))
            .collect();
        let mut at_start = vec![Numbers::default(); effects.len()];
        let mut at_end = vec![Numbers::default(); effects.len()];
        loop {
            let mut changed = false;
            for (place, effect) in effects.iter().enumerate().rev() {
                let mut live = Numbers::default();
                for next in &cfg.successors[place] {
                    live.extend(&at_start[*next]);
                }
                at_end[place].extend(&live);
                live.subtract(&effect.defined);
                live.extend(&effect.needed);
                changed |= live.iter().any(|number| !at_start[place].contains(number));
                at_start[place].extend(&live);
            }
            if !changed {
                return Self { at_start, at_end };
            }
        }
    }
}

/// What a block does to the values that are live behind it.
struct Effect {
    needed: Numbers,
    defined: Numbers,
}

impl Effect {
    fn new<'c, 'a>(
        cfg: &Cfg<'c, 'a>,
        values: &Values<'c, 'a>,
        place: usize,
        used: impl Fn(OperationRef<'c, 'a>) -> Vec<Value<'c, 'a>>,
    ) -> Self {
        let mut needed = Numbers::default();
        let mut defined = Numbers::default();
        for op in operations(cfg.blocks[place]).into_iter().rev() {
            step_back(values, &mut needed, op, &used(op));
            let results = op
                .results()
                .filter_map(|result| values.number(result.into()));
            results.for_each(|number| defined.insert(number));
        }
        let block = cfg.blocks[place];
        let arguments = (0..block.argument_count()).filter_map(|index| block.argument(index).ok());
        for number in arguments.filter_map(|argument| values.number(argument.into())) {
            needed.remove(number);
            defined.insert(number);
        }
        Self { needed, defined }
    }
}

/// Changes what is live behind `op` to what is live in front of it.
pub fn step_back<'c, 'a>(
    values: &Values<'c, 'a>,
    live: &mut Numbers,
    op: OperationRef<'c, 'a>,
    used: &[Value<'c, 'a>],
) {
    for result in op.results() {
        if let Some(number) = values.number(result.into()) {
            live.remove(number);
        }
    }
    used.iter()
        .filter_map(|value| values.number(*value))
        .for_each(|number| live.insert(number));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_a_set() {
        let mut set = Numbers::default();
        set.insert(3);
        set.insert(130);
        set.remove(3);
        set.remove(500);
        let mut other = Numbers::default();
        other.insert(1);
        other.extend(&set);
        assert_eq!(other.iter().collect::<Vec<_>>(), [1, 130]);
        other.subtract(&set);
        assert_eq!(other.iter().collect::<Vec<_>>(), [1]);
        assert!(!set.contains(1) && set.contains(130));
    }
}

//! What is in lists and tuples, as far as the function itself shows.
//!
//! A sequence is made of items of one kind, filled with them, or comes as an argument that had them when the function was
//! compiled. Others can change a list, so that this is a guess: whoever relies on it checks each item.

use super::named;
use crate::{
    analysis::{
        branches,
        fact::{Fact, Kind},
        numbers::called_global,
    },
    inspect::{defined_by, int_attribute, op_name, result, str_attribute, string, value_key},
};
use melior::ir::{
    Attribute, BlockLike, OperationRef, RegionLike, Value,
    attribute::{ArrayAttribute, AttributeLike},
    operation::OperationLike,
};
use std::collections::HashMap;

/// What a sequence holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Items {
    /// At the end of `depth` subscripts are numbers of a kind; [`Kind::Never`] for an empty sequence.
    Of { depth: u8, kind: Kind },
    /// Nothing that helps, or no sequence.
    Any,
}

/// Deeper sequences are like any other object.
const DEEPEST: u8 = 3;

impl Items {
    const EMPTY: Self = Self::Of {
        depth: 1,
        kind: Kind::Never,
    };

    fn join(self, other: Self) -> Self {
        match (self, other) {
            (Self::EMPTY, other) | (other, Self::EMPTY) => other,
            (Self::Of { depth, kind }, Self::Of { depth: d, kind: k }) if depth == d => {
                match Fact::of(kind).join(Fact::of(k)).kind {
                    Kind::Object => Self::Any,
                    kind => Self::Of { depth, kind },
                }
            }
            _ => Self::Any,
        }
    }

    /// A sequence of such sequences.
    fn wrapped(self) -> Self {
        match self {
            Self::Of { depth, kind } if depth < DEEPEST => Self::Of {
                depth: depth + 1,
                kind,
            },
            _ => Self::Any,
        }
    }
}

/// The sequences of a function.
#[derive(Debug)]
pub(super) struct Sequences {
    items: HashMap<usize, Items>,
    /// What calls of globals most likely yield, by their names.
    results: HashMap<String, Kind>,
    /// Whether guesses are made at all.
    enabled: bool,
}

impl Sequences {
    /// Reads what is known of the parameters.
    pub(super) fn new(function: OperationRef) -> Self {
        let mut this = Self {
            items: HashMap::new(),
            results: named::kinds(function, "py.results"),
            enabled: named::guesses(function),
        };
        this.seed(function);
        this
    }

    fn seed(&mut self, function: OperationRef) {
        let seeds = function.attribute("py.param_items").ok();
        let seeds = seeds.and_then(|seeds| ArrayAttribute::try_from(seeds).ok());
        let entry = function
            .region(0)
            .ok()
            .and_then(|region| region.first_block());
        let (Some(seeds), Some(entry)) = (seeds, entry) else {
            return;
        };
        for index in 0..seeds.len().min(entry.argument_count()) {
            let items = seeds.element(index).ok().and_then(parse);
            if let (Some(items), Ok(argument)) = (items, entry.argument(index)) {
                self.items.insert(value_key(argument.into()), items);
            }
        }
    }

    fn of(&self, value: Value) -> Items {
        let known = self.items.get(&value_key(value)).copied();
        known.unwrap_or(Items::Any)
    }

    /// What a subscript or an iteration of the operand yields, if that can be guessed.
    pub(super) fn guess(&self, op: OperationRef) -> Option<Kind> {
        let sequence = op.operand(0).ok().filter(|_| self.enabled)?;
        match self.of(sequence) {
            Items::Of { depth: 1, kind } => Some(kind),
            _ => None,
        }
    }

    /// Whether a subscript of the operand yields a sequence, as far as can be guessed.
    pub(super) fn is_nested(&self, op: OperationRef) -> bool {
        let sequence = op.operand(0).ok().filter(|_| self.enabled);
        let items = sequence.map(|sequence| self.of(sequence));
        matches!(items, Some(Items::Of { depth: 2.., .. }))
    }

    /// Whether a value most likely is a list or tuple.
    pub(super) fn is_sequence(&self, value: Value) -> bool {
        let ranges = ["py.call", "py.get_iter"];
        self.enabled
            && matches!(self.of(value), Items::Of { .. })
            && !ranges.iter().any(|name| defined_by(value, name).is_some())
    }

    /// What a call of a global most likely yields.
    pub(super) fn result_of_call(&self, call: OperationRef) -> Option<Kind> {
        let name = called_global(call)?;
        (!call.has_attribute("kwnames")).then_some(())?;
        defined_by(call.operand(1).ok()?, "py.null")?;
        let builtins = RESULTS.iter().filter(|_| self.enabled);
        let builtin = builtins.into_iter().find(|(known, _)| *known == name);
        self.results
            .get(name)
            .copied()
            .or(builtin.map(|(_, kind)| *kind))
    }

    /// Whether a global is a function whose calls yield numbers, in a mode that has no objects.
    pub(super) fn is_callee(&self, name: &str) -> bool {
        !self.enabled && self.results.contains_key(name)
    }

    /// Learns from an op. `kind` tells what is known of a value. Whether there is anything new.
    pub(super) fn learn(&mut self, op: OperationRef, kind: &dyn Fn(Value) -> Kind) -> bool {
        if !self.enabled {
            return false;
        }
        let mut news = false;
        for edge in branches::edges(op) {
            for (index, value) in edge.values.into_iter().enumerate() {
                if let Ok(argument) = edge.target.argument(index) {
                    news |= self.add(argument.into(), self.items.get(&value_key(value)).copied());
                }
            }
        }
        if let Some((sequence, item)) = filled(op) {
            let item = self.as_item(item, kind);
            if self.items.contains_key(&value_key(sequence)) {
                news |= self.add(sequence, item);
            }
        }
        if let Some(made) = result(op, 0) {
            news |= self.add(made, self.made(op, kind));
        }
        news
    }

    /// A sequence of items like this one; `None` when nothing is known of it yet.
    fn as_item(&self, item: Value, kind: &dyn Fn(Value) -> Kind) -> Option<Items> {
        match kind(item) {
            Kind::Never => None,
            kind if kind.is_native() => Some(Items::Of { depth: 1, kind }),
            _ => Some(self.of(item).wrapped()),
        }
    }

    /// What the result of an op holds.
    fn made(&self, op: OperationRef, kind: &dyn Fn(Value) -> Kind) -> Option<Items> {
        let operand = |index| op.operand(index).ok();
        match op_name(op) {
            "py.build_list" | "py.build_tuple" => {
                let items = op.operands().take(op.operand_count() - 1);
                let items = items.filter_map(|item| self.as_item(item, kind));
                Some(items.fold(Items::EMPTY, Items::join))
            }
            "py.constant" => op.attribute("value").ok().and_then(constant),
            // `[0.0] * n`
            "py.binary" if matches!(int_attribute(op, "kind"), Some(5 | 18)) => {
                let sides = [operand(0)?, operand(1)?];
                sides
                    .into_iter()
                    .find(|side| matches!(self.of(*side), Items::Of { .. }))
                    .map(|side| self.of(side))
            }
            "py.get_iter" | "py.load_slice" | "py.check_bound" => {
                self.items.get(&value_key(operand(0)?)).copied()
            }
            "py.call" => self.made_by_call(op),
            "py.load_subscr" | "py.for_iter" => match self.of(operand(0)?) {
                Items::Of { depth, kind } if depth > 1 => Some(Items::Of {
                    depth: depth - 1,
                    kind,
                }),
                _ => None,
            },
            _ => None,
        }
    }

    /// What builtins yield that make sequences of sequences, by the name of the global.
    fn made_by_call(&self, call: OperationRef) -> Option<Items> {
        match called_global(call)? {
            "range" => Some(Items::Of {
                depth: 1,
                kind: Kind::Int,
            }),
            "list" | "tuple" | "sorted" | "reversed" if call.operand_count() == 4 => {
                let of = call.operand(2).ok()?;
                self.items.get(&value_key(of)).copied()
            }
            _ => None,
        }
    }

    fn add(&mut self, value: Value, items: Option<Items>) -> bool {
        let Some(items) = items else { return false };
        let key = value_key(value);
        let joined = match self.items.get(&key) {
            Some(known) => known.join(items),
            None => items,
        };
        self.items.insert(key, joined) != Some(joined)
    }
}

/// Whether numbers of a kind are read from a sequence and written to it natively.
pub(super) fn is_native_item(kind: Kind) -> bool {
    matches!(kind, Kind::Int | Kind::Float | Kind::Bool)
}

/// Whether an op that yields an item can do so without the object: a subscript, and an iteration of what can be a list or
/// a tuple.
pub(crate) fn is_read_natively(op: OperationRef) -> bool {
    let Ok(operand) = op.operand(0) else {
        return false;
    };
    let iterated = defined_by(operand, "py.get_iter").and_then(|iter| iter.operand(0).ok());
    match op_name(op) {
        "py.load_subscr" => true,
        "py.for_iter" => iterated.is_some_and(|of| match defined_by(of, "py.call") {
            Some(call) => matches!(called_global(call), Some("list" | "tuple" | "sorted")),
            None => true,
        }),
        _ => false,
    }
}

/// Builtin functions that always yield a number of one kind.
const RESULTS: [(&str, Kind); 3] = [("len", Kind::Int), ("ord", Kind::Int), ("hash", Kind::Int)];

/// The sequence that an op puts an item into, and the item.
fn filled<'c, 'a>(op: OperationRef<'c, 'a>) -> Option<(Value<'c, 'a>, Value<'c, 'a>)> {
    let operand = |index| op.operand(index).ok();
    match op_name(op) {
        "py.list_append" => Some((operand(0)?, operand(1)?)),
        "py.store_subscr" => Some((operand(0)?, operand(2)?)),
        "py.call" if op.operand_count() == 4 => {
            let method = defined_by(operand(0)?, "py.load_method")?;
            let appends = str_attribute(method, "name") == Some("append");
            appends.then_some((method.operand(0).ok()?, operand(2)?))
        }
        _ => None,
    }
}

/// What a constant tuple holds, by its text.
fn constant(value: Attribute) -> Option<Items> {
    let text = value.is_dictionary().then(|| value.to_string())?;
    let (_, items) = text.split_once("repr = \"(")?;
    let (items, _) = items.rsplit_once(')')?;
    let mut kinds = items
        .split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty());
    let first = literal(kinds.next()?)?;
    kinds
        .all(|item| literal(item) == Some(first))
        .then_some(Items::Of {
            depth: 1,
            kind: first,
        })
}

fn literal(text: &str) -> Option<Kind> {
    if text.parse::<i64>().is_ok() {
        return Some(Kind::Int);
    }
    let is_number = text.starts_with(|first: char| first.is_ascii_digit() || first == '-');
    (is_number && text.parse::<f64>().is_ok()).then_some(Kind::Float)
}

/// Reads `f64`, `list f64`, `list list f64`: a number of words for sequences and the kind of what is in them.
fn parse(attribute: Attribute) -> Option<Items> {
    let mut words = string(attribute)?.split(' ').rev();
    let kind = words.next()?.parse::<Fact>().ok()?.kind;
    let depth = words.filter(|word| *word == "list").count() as u8;
    ((1..=DEEPEST).contains(&depth) && kind.is_native()).then_some(Items::Of { depth, kind })
}

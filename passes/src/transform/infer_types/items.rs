//! What is in lists and tuples, as far as the function itself shows.
//!
//! A sequence is made of items of one kind, filled with them, or comes as an argument that had them when the function was
//! compiled. Others can change a list, so that this is a guess: whoever relies on it checks each item.

mod shape;

use self::shape::{Item, Items};
use super::named;
use crate::{
    analysis::{
        arrays, branches,
        fact::Kind,
        numbers::{arguments, called_global},
        tuples,
    },
    collections::HashMap,
    inspect::{
        defined_by, int_attribute, integer_constant, op_name, result, str_attribute, string,
        value_key,
    },
};
use melior::ir::{
    Attribute, BlockLike, OperationRef, RegionLike, Value,
    attribute::{ArrayAttribute, AttributeLike},
    operation::OperationLike,
};

/// The sequences of a function.
#[derive(Debug)]
pub(super) struct Sequences {
    items: HashMap<usize, Items>,
    /// What the sequences hold that attributes most likely are, by their names.
    attributes: HashMap<String, Items>,
    /// What calls of globals most likely yield, by their names.
    results: HashMap<String, Kind>,
    /// Whether guesses are made at all.
    enabled: bool,
}

impl Sequences {
    /// Reads what is known of the parameters.
    pub(super) fn new(function: OperationRef) -> Self {
        let mut this = Self {
            items: HashMap::default(),
            attributes: attributes(function),
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
            let words = seeds.element(index).ok().and_then(string);
            let items = words.and_then(Items::parse);
            if let (Some(items), Ok(argument)) = (items, entry.argument(index)) {
                self.items.insert(value_key(argument.into()), items);
            }
        }
    }

    fn of(&self, value: Value) -> Items {
        let known = self.items.get(&value_key(value)).cloned();
        known.unwrap_or(Items::Any)
    }

    /// What a subscript or an iteration yields.
    fn taken(&self, op: OperationRef) -> Option<Item> {
        let items = self.of(op.operand(0).ok()?);
        let index = op.operand(1).ok().and_then(integer_constant);
        let index = index.filter(|_| op_name(op) == "py.load_subscr");
        Some(index.map_or_else(|| items.item(), |index| items.at(index)))
    }

    /// What a subscript or an iteration of the operand yields, or assigns to, if that can be guessed to be a number.
    pub(super) fn guess(&self, op: OperationRef) -> Option<Kind> {
        match self.taken(op).filter(|_| self.enabled)? {
            Item::Number(kind) => Some(kind),
            Item::Object(_) => None,
        }
    }

    /// Whether a subscript of the operand yields a sequence, as far as can be guessed.
    pub(super) fn is_nested(&self, op: OperationRef) -> bool {
        let item = self.taken(op).filter(|_| self.enabled);
        matches!(item, Some(Item::Object(items)) if items != Items::Any)
    }

    /// What a sequence is taken apart into, as far as can be guessed; [`Kind::Object`] for what is no number.
    pub(super) fn unpacked(&self, op: OperationRef) -> Option<Vec<Kind>> {
        let items = self.items_of_unpacking(op).filter(|_| self.enabled)?;
        let kind = |item| match item {
            Item::Number(kind) if is_native_item(kind) => kind,
            _ => Kind::Object,
        };
        Some(items.into_iter().map(kind).collect())
    }

    fn items_of_unpacking(&self, op: OperationRef) -> Option<Vec<Item>> {
        let items = self.of(op.operand(0).ok()?);
        items.unpacked(tuples::unpacked(op).len())
    }

    /// Whether a value most likely is a list or tuple.
    pub(super) fn is_sequence(&self, value: Value) -> bool {
        let ranges = ["py.call", "py.get_iter"];
        self.enabled
            && self.of(value) != Items::Any
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
                    news |= self.add(argument.into(), self.items.get(&value_key(value)).cloned());
                }
            }
        }
        if let Some((sequence, item)) = filled(op) {
            let item = self.as_item(item, kind).map(Items::of);
            if self.items.contains_key(&value_key(sequence)) {
                news |= self.add(sequence, item);
            }
        }
        // `[1, 2, 3]` is an empty list that is extended by a constant.
        if op_name(op) == "py.list_extend"
            && let (Ok(list), Ok(by)) = (op.operand(0), op.operand(1))
            && self.items.contains_key(&value_key(list))
        {
            news |= self.add(list, Some(self.of(by)));
        }
        if op_name(op) == "py.unpack_sequence" {
            return self.learn_parts(op) || news;
        }
        if let Some(made) = result(op, 0) {
            news |= self.add(made, self.made(op, kind));
        }
        news
    }

    /// Learns what the items are that a sequence is taken apart into.
    fn learn_parts(&mut self, op: OperationRef) -> bool {
        let items = self.items_of_unpacking(op).unwrap_or_default();
        let mut news = false;
        for (value, item) in tuples::unpacked(op).into_iter().zip(items) {
            if let Item::Object(items) = item {
                news |= self.add(value, Some(items));
            }
        }
        news
    }

    /// What a value is as an item; `None` when nothing is known of it yet.
    fn as_item(&self, value: Value, kind: &dyn Fn(Value) -> Kind) -> Option<Item> {
        match kind(value) {
            Kind::Never => None,
            kind if kind.is_native() => Some(Item::Number(kind)),
            _ => Some(Item::Object(self.of(value))),
        }
    }

    /// What the result of an op holds.
    fn made(&self, op: OperationRef, kind: &dyn Fn(Value) -> Kind) -> Option<Items> {
        let operand = |index| op.operand(index).ok();
        match op_name(op) {
            "py.build_list" => {
                let items = op.operands().take(op.operand_count() - 1);
                let items = items.filter_map(|item| self.as_item(item, kind));
                Some(items.map(Items::of).fold(Items::EMPTY, Items::join))
            }
            "py.build_tuple" => {
                let items = op.operands().take(op.operand_count() - 1);
                let items = items.map(|item| self.as_item(item, kind));
                Some(Items::row(items.collect::<Option<_>>()?))
            }
            "py.constant" => op.attribute("value").ok().and_then(constant),
            // `[1] + xs`
            "py.binary" if matches!(int_attribute(op, "kind"), Some(0 | 13)) => {
                let sides = [operand(0)?, operand(1)?].map(|side| self.of(side));
                let both = sides.iter().all(|items| *items != Items::Any);
                both.then(|| sides.into_iter().fold(Items::EMPTY, Items::join))
            }
            // `[0.0] * n`
            "py.binary" if matches!(int_attribute(op, "kind"), Some(5 | 18)) => {
                let sides = [operand(0)?, operand(1)?];
                sides
                    .into_iter()
                    .map(|side| self.of(side))
                    .find(|items| *items != Items::Any)
            }
            "py.get_iter" | "py.load_slice" | "py.check_bound" => {
                self.items.get(&value_key(operand(0)?)).cloned()
            }
            "py.load_attr" => self.attributes.get(str_attribute(op, "name")?).cloned(),
            "py.call" => self.made_by_call(op, kind),
            "py.load_subscr" | "py.for_iter" => match self.taken(op)? {
                Item::Object(items) if items != Items::Any => Some(items),
                _ => None,
            },
            _ => None,
        }
    }

    /// What builtins yield that make sequences of sequences, by the name of the global.
    fn made_by_call(&self, call: OperationRef, kind: &dyn Fn(Value) -> Kind) -> Option<Items> {
        let plain = defined_by(call.operand(1).ok()?, "py.null").is_some();
        let arguments = arguments(call);
        (plain && !call.has_attribute("kwnames")).then_some(())?;
        // What is iterated over.
        let item = |of: &Value| match kind(*of) {
            Kind::Array(array) if arrays::is_row(array) => Some(Item::Number(arrays::item(array))),
            _ => self.items.get(&value_key(*of)).map(Items::item),
        };
        match (called_global(call)?, arguments.as_slice()) {
            ("range", _) => Some(Items::of(Item::Number(Kind::Int))),
            ("list" | "tuple" | "sorted" | "reversed", [of]) => {
                self.items.get(&value_key(*of)).cloned()
            }
            ("enumerate", [of]) => {
                let row = Items::row(vec![Item::Number(Kind::Int), item(of)?]);
                Some(Items::of(Item::Object(row)))
            }
            ("zip", of) => {
                let row = of.iter().map(item).collect::<Option<_>>()?;
                Some(Items::of(Item::Object(Items::row(row))))
            }
            _ => None,
        }
    }

    fn add(&mut self, value: Value, items: Option<Items>) -> bool {
        let Some(items) = items else { return false };
        let key = value_key(value);
        let joined = match self.items.get(&key) {
            Some(known) => known.clone().join(items),
            None => items,
        };
        self.items.insert(key, joined.clone()) != Some(joined)
    }
}

/// What `py.attribute_items` says: names, each with what a sequence holds.
fn attributes(function: OperationRef) -> HashMap<String, Items> {
    let rows = function.attribute("py.attribute_items").ok();
    let rows = rows.and_then(|rows| ArrayAttribute::try_from(rows).ok());
    let row = |row: Attribute| {
        let (name, items) = string(row)?.split_once(' ')?;
        Some((name.to_owned(), Items::parse(items)?))
    };
    rows.iter()
        .flat_map(|rows| (0..rows.len()).filter_map(move |index| rows.element(index).ok()))
        .filter_map(row)
        .collect()
}

/// Whether numbers of a kind are read from a sequence and written to it natively.
pub(super) fn is_native_item(kind: Kind) -> bool {
    matches!(kind, Kind::Int | Kind::Float | Kind::Bool)
}

/// The discardable attribute of an op that was seen to take its numbers from something else than lists and tuples.
pub(super) const ELSEWHERE: &str = "py.elsewhere";

/// Whether an op that yields an item can do so without the object: a subscript, and an iteration of what can be a list or
/// a tuple.
pub(crate) fn is_read_natively(op: OperationRef) -> bool {
    let Some(operand) = op.operand(0).ok().filter(|_| !op.has_attribute(ELSEWHERE)) else {
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

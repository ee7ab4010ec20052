//! Tuples of numbers that are known item by item: made of them, constants, or what functions such as `divmod` return.

use super::{
    composites,
    fact::Kind,
    functions::{self, Function},
    known::Known,
    literals::{Literal, Number, literal_of},
    numbers::{self, arguments},
    operators::{self, BinaryOperator},
    range_loops::is_state_of_check,
};
use crate::inspect::{defined_by, defining_op, integer_constant, op_name, result};
use melior::ir::{OperationRef, Value, ValueLike, operation::OperationLike};
use stepwell_dialects::ir::uses;

/// Where an item of a tuple comes from.
#[derive(Clone, Debug)]
pub enum Item<'c, 'a> {
    /// It is that value.
    Value(Value<'c, 'a>),
    /// It is written in the source.
    Literal(Literal),
    /// It is the number at that place of what a `py.call` yields.
    Part(OperationRef<'c, 'a>, usize),
    /// It is at that place of the tuple that a `py.for_iter` takes from a tuple of tuples.
    Chosen(OperationRef<'c, 'a>, usize),
}

/// The items of a tuple, as far as they are known one by one.
pub fn items<'c, 'a>(known: &Known<'c>, tuple: Value<'c, 'a>) -> Option<Vec<Item<'c, 'a>>> {
    let op = defining_op(tuple)?;
    match op_name(op) {
        "py.build_tuple" => {
            let count = op.operand_count().checked_sub(1)?;
            Some(op.operands().take(count).map(Item::Value).collect())
        }
        "py.constant" => listed(literal_of(op.attribute("value").ok()?)?),
        "py.check_bound" => items(known, op.operand(0).ok()?),
        "py.load_global" | "py.known" | "py.load_attr" => listed(literal_of(known.number_of(op)?)?),
        "py.call" => {
            let count = parts(known, op)?;
            Some((0..count).map(|place| Item::Part(op, place)).collect())
        }
        "py.for_iter" => {
            let counts = rows(known, op)?.into_iter().map(|row| row.len());
            let counts: Vec<_> = counts.collect();
            let count = *counts.first()?;
            let chosen = (0..count).map(|place| Item::Chosen(op, place)).collect();
            counts.iter().all(|other| *other == count).then_some(chosen)
        }
        "py.load_subscr" => {
            let outer = items(known, op.operand(0).ok()?)?;
            let place = place(integer_constant(op.operand(1).ok()?)?, outer.len())?;
            items_of(known, &outer[place])
        }
        _ => None,
    }
}

/// The longest constant that a loop counts through where its items may be wanted as objects.
const LONGEST: usize = 16;

/// Whether a tuple is a constant of integers of which there is one object each, so that nobody can tell an item from another
/// object for the same number.
pub fn has_small_integers(tuple: Value) -> bool {
    const SMALL: std::ops::RangeInclusive<i128> = -5..=256;
    let is_small = |item: &Literal| {
        let Literal::Number(Number::Int(number)) = item else {
            return false;
        };
        SMALL.contains(number)
    };
    let value = defined_by(tuple, "py.constant").and_then(|op| op.attribute("value").ok());
    match value.and_then(literal_of) {
        Some(Literal::Tuple(items)) => items.len() <= LONGEST && items.iter().all(is_small),
        _ => false,
    }
}

/// The items of an item that is a tuple itself.
pub fn items_of<'c, 'a>(known: &Known<'c>, item: &Item<'c, 'a>) -> Option<Vec<Item<'c, 'a>>> {
    match item {
        Item::Value(value) => items(known, *value),
        Item::Literal(literal) => listed(literal.clone()),
        Item::Part(..) | Item::Chosen(..) => None,
    }
}

/// The tuples that a `py.for_iter` over a tuple of tuples takes, each as its items.
pub fn rows<'c, 'a>(
    known: &Known<'c>,
    for_iter: OperationRef<'c, 'a>,
) -> Option<Vec<Vec<Item<'c, 'a>>>> {
    let iterator = defined_by(for_iter.operand(0).ok()?, "py.get_iter")?;
    let outer = items(known, iterator.operand(0).ok()?)?;
    outer.iter().map(|item| items_of(known, item)).collect()
}

fn listed<'c, 'a>(literal: Literal) -> Option<Vec<Item<'c, 'a>>> {
    match literal {
        Literal::Tuple(items) => Some(items.into_iter().map(Item::Literal).collect()),
        Literal::Number(_) => None,
    }
}

/// The place from the front of a subscript.
pub fn place(index: i64, length: usize) -> Option<usize> {
    let from_front = if index < 0 {
        index + length as i64
    } else {
        index
    };
    usize::try_from(from_front)
        .ok()
        .filter(|place| *place < length)
}

/// The kind of an item; `kind` tells that of a value.
pub fn kind_of_item<'c, 'a>(
    known: &Known<'c>,
    item: &Item<'c, 'a>,
    kind: &dyn Fn(Value<'c, 'a>) -> Kind,
) -> Kind {
    match item {
        Item::Value(value) => kind(*value),
        Item::Literal(Literal::Number(number)) => number.kind(),
        Item::Literal(Literal::Tuple(_)) => Kind::Tuple,
        Item::Part(call, place) => {
            let kinds: Vec<_> = arguments(*call).into_iter().map(kind).collect();
            if kinds.contains(&Kind::Never) {
                return Kind::Never;
            }
            let row = row_of_parts(known, *call, &kinds);
            row.map_or(Kind::Object, |row| row.parts[*place])
        }
        Item::Chosen(for_iter, place) => {
            let rows = rows(known, *for_iter).unwrap_or_default();
            let kinds = rows
                .iter()
                .map(|row| kind_of_item(known, &row[*place], kind));
            kinds.fold(Kind::Never, Kind::meet)
        }
    }
}

/// How many numbers a `py.call` yields in a tuple, whatever its arguments are.
fn parts(known: &Known, call: OperationRef) -> Option<usize> {
    let path = path_of_call(known, call)?;
    let rows = functions::FUNCTIONS.iter();
    let counts = rows.filter(|row| row.path == path && row.result == Kind::Tuple);
    counts.map(|row| row.parts.len()).next()
}

/// The function that a `py.call` on arguments of these kinds calls, if it returns a tuple of numbers.
pub fn row_of_parts(
    known: &Known,
    call: OperationRef,
    kinds: &[Kind],
) -> Option<&'static Function> {
    let kinds: Vec<_> = kinds
        .iter()
        .map(|kind| composites::present(*kind))
        .collect();
    let row = functions::find(&path_of_call(known, call)?, &kinds)?;
    (row.result == Kind::Tuple).then_some(row)
}

fn path_of_call(known: &Known, call: OperationRef) -> Option<String> {
    let path = known.path(call.operand(0).ok()?)?;
    numbers::is_plain_call(call).then_some(path)
}

/// Whether nothing but unpacking a pair sees it.
pub fn is_unseen(tuple: Value) -> bool {
    uses(tuple)
        .into_iter()
        .all(|(user, _)| unpacks(user, 2) || is_state_of_unpacking(user) || is_state_of_check(user))
}

/// Whether nothing but unpacking a tuple sees it.
pub fn is_taken_apart(tuple: Value) -> bool {
    let unpacks = |op| op_name(op) == "py.unpack_sequence";
    uses(tuple)
        .into_iter()
        .all(|(user, _)| unpacks(user) || is_state_of_unpacking(user))
}

/// The results of a `py.unpack_sequence` that are items.
pub fn unpacked<'c, 'a>(op: OperationRef<'c, 'a>) -> Vec<Value<'c, 'a>> {
    let object = |value: &Value| value.r#type().to_string() == "!py.object";
    op.results().map(Value::from).filter(object).collect()
}

fn unpacks(op: OperationRef, count: usize) -> bool {
    op_name(op) == "py.unpack_sequence" && unpacked(op).len() == count
}

fn is_state_of_unpacking(state: OperationRef) -> bool {
    let unpacks = |op| op_name(op) == "py.unpack_sequence";
    op_name(state) == "py.frame_state"
        && result(state, 0).is_some_and(|value| uses(value).into_iter().all(|(op, _)| unpacks(op)))
}

/// A call of a function that takes tuples.
#[derive(Debug)]
pub struct OnTuples<'c, 'a> {
    /// The full name of the function.
    pub path: String,
    /// The tuples.
    pub tuples: Vec<Value<'c, 'a>>,
    /// What `sum` and `prod` begin with, if it is given.
    pub start: Option<Value<'c, 'a>>,
}

/// What a call passes to a function that takes tuples, if that is one and takes it so.
pub fn call_on_tuples<'c, 'a>(
    known: &Known<'c>,
    call: OperationRef<'c, 'a>,
) -> Option<OnTuples<'c, 'a>> {
    let path = known.path(call.operand(0).ok()?)?;
    if !functions::is_on_tuples(&path) || !numbers::has_no_self(call) {
        return None;
    }
    let keywords = numbers::keywords(call)?;
    let all = arguments(call);
    let (positional, named) = all.split_at(all.len().checked_sub(keywords.len())?);
    let (tuples, start) = match (path.as_str(), positional, &keywords[..]) {
        ("math.dist" | "math.sumprod", [_, _], []) => (positional, None),
        ("builtins.sum", [_, start], []) => (&positional[..1], Some(*start)),
        ("builtins.sum" | "math.prod", [_], ["start"]) => (positional, named.first().copied()),
        ("math.dist" | "math.sumprod", ..) => return None,
        (_, [_], []) => (positional, None),
        _ => return None,
    };
    let tuples = tuples.to_vec();
    let are_known = tuples.iter().all(|tuple| items(known, *tuple).is_some());
    are_known.then_some(OnTuples {
        path,
        tuples,
        start,
    })
}

/// What such a function yields for items of these kinds; [`Kind::Object`] where it has no native form.
pub fn reduced(path: &str, tuples: &[Vec<Kind>], start: Option<Kind>) -> Kind {
    if path == "builtins.len" {
        return Kind::Int;
    }
    let mut all = tuples.iter().flatten().copied().chain(start);
    if all.clone().any(|kind| kind == Kind::Never) {
        return Kind::Never;
    }
    let real = |kind: Kind| matches!(kind, Kind::Int | Kind::Float | Kind::Bool);
    if !all.clone().all(Kind::is_number) {
        return Kind::Object;
    }
    let fold = |operator, first, kinds: &mut dyn Iterator<Item = Kind>| {
        kinds.fold(first, |sum, kind| {
            operators::binary(operator, sum, kind, false)
        })
    };
    let items = &tuples[0];
    match path {
        "builtins.any" | "builtins.all" => Kind::Bool,
        "builtins.min" | "builtins.max" => match items.split_first() {
            Some((first, rest)) if real(*first) && rest.iter().all(|kind| kind == first) => *first,
            _ => Kind::Object,
        },
        "builtins.sum" | "math.prod" => {
            let operator = match path {
                "math.prod" => BinaryOperator::Multiply,
                _ => BinaryOperator::Add,
            };
            let first = start.unwrap_or(Kind::Int);
            fold(operator, first, &mut items.iter().copied())
        }
        "math.sumprod" => {
            let pairs = items.iter().zip(&tuples[1]);
            let mut products =
                pairs.map(|(x, y)| operators::binary(BinaryOperator::Multiply, *x, *y, false));
            fold(BinaryOperator::Add, Kind::Int, &mut products)
        }
        _ if all.all(real) => Kind::Float,
        _ => Kind::Object,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_begin_with_an_integer() {
        let of = |path, kinds: &[Kind]| reduced(path, &[kinds.to_vec()], None);
        assert_eq!(of("builtins.sum", &[]), Kind::Int);
        assert_eq!(of("builtins.sum", &[Kind::Bool, Kind::Bool]), Kind::Int);
        assert_eq!(of("math.prod", &[Kind::Int, Kind::Float]), Kind::Float);
        assert_eq!(of("builtins.sum", &[Kind::Never]), Kind::Never);
        assert_eq!(of("builtins.sum", &[Kind::Tuple]), Kind::Object);
    }

    #[test]
    fn the_best_of_items_of_one_kind_is_known() {
        let of = |kinds: &[Kind]| reduced("builtins.max", &[kinds.to_vec()], None);
        assert_eq!(of(&[Kind::Int, Kind::Int]), Kind::Int);
        assert_eq!(of(&[Kind::Int, Kind::Float]), Kind::Object);
        assert_eq!(of(&[]), Kind::Object);
    }

    #[test]
    fn places_count_from_both_ends() {
        assert_eq!(place(-1, 3), Some(2));
        assert_eq!(place(3, 3), None);
        assert_eq!(place(-4, 3), None);
    }
}

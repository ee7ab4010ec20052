//! `fold-tuples`: takes the items of a tuple from where the tuple was made of them.
//!
//! ```text
//!   %t = py.build_tuple(%a, %b) at %s1
//!   %1:2 = py.unpack_sequence %t at %s2 : !py.object, !py.object
//! ```
//! becomes uses of `%a` and `%b`. So does a subscript by a constant, and a tuple of numbers that is itself a constant is
//! unpacked into its numbers. A tuple that nobody uses then is not made.
//!
//! *Requires* level `py`. *Ensures* that a number which is put into a tuple and taken out again in one function can be
//! typed like any other.
//! *Not here*: tuples that come together from several paths, and those of other functions.

use crate::{
    Pass, PassError, PassOutcome,
    builder::Builder,
    cfg::{erase, name_of},
    collections::IndexMap,
    function::{Function, for_each_function, raised},
    inspect::{defined_by, defining_op, integer_constant, op_key, result, string},
    modes::Numbers,
};
use melior::{
    Context,
    ir::{
        Attribute, Module, OperationRef, Value, ValueLike, attribute::DictionaryAttribute,
        operation::OperationLike,
    },
};
use stepwell_dialects::ir::{blocks, has_uses, operations, replace_uses, uses};

/// See the [module](self).
#[derive(Debug)]
pub struct FoldTuples;

const NAME: &str = "fold-tuples";

impl Pass for FoldTuples {
    fn name(&self) -> &str {
        NAME
    }

    fn description(&self) -> &str {
        "Take the items of a tuple from where the tuple was made of them."
    }

    fn run<'c>(&self, context: &'c Context, module: &Module<'c>) -> Result<PassOutcome, PassError> {
        for_each_function(NAME, context, module, |function| {
            let ops: Vec<_> = blocks(function.region)
                .into_iter()
                .flat_map(operations)
                .collect();
            // Where objects are compared, those of a constant are its own; with other numbers than CPython's, an item of
            // a constant is not yet the number that it stands for.
            let keeps =
                ops.iter().any(|op| name_of(*op) == "py.is") || Numbers::of(function.op).own;
            // Whatever else goes away with one of these is none of them.
            let takes =
                |op: &OperationRef| matches!(name_of(*op), "py.unpack_sequence" | "py.load_subscr");
            let mut changed = false;
            for op in ops.into_iter().filter(takes).collect::<Vec<_>>() {
                let taken = match name_of(op) {
                    "py.unpack_sequence" => unpack(function, op, keeps),
                    _ => select(op),
                };
                if let Some(items) = taken {
                    take(function, op, &items);
                    changed = true;
                }
            }
            Ok(PassOutcome::from(changed))
        })
    }
}

/// The items that an op takes out of a tuple. Those of a constant may stay its own.
fn unpack<'c: 'a, 'a>(
    function: &Function<'c, 'a>,
    op: OperationRef<'c, 'a>,
    keeps: bool,
) -> Option<Vec<Value<'c, 'a>>> {
    let tuple = op.operand(0).ok()?;
    let object = |value: &Value| value.r#type() == function.types.object;
    let count = op.results().map(Value::from).filter(object).count();
    if let Some(items) = items_of(tuple) {
        return (items.len() == count).then_some(items);
    }
    let numbers = numbers(tuple).filter(|numbers| numbers.len() == count && !keeps)?;
    let builder = Builder::new(function.context, function.types, op);
    let boxed = numbers.into_iter().map(|number| number.boxed(&builder));
    Some(boxed.collect())
}

/// The item of a subscript by a constant.
fn select<'c: 'a, 'a>(op: OperationRef<'c, 'a>) -> Option<Vec<Value<'c, 'a>>> {
    let items = items_of(op.operand(0).ok()?)?;
    let index = integer_constant(op.operand(1).ok()?)?;
    let length = items.len() as i64;
    let place = usize::try_from(if index < 0 { index + length } else { index }).ok()?;
    Some(vec![*items.get(place)?])
}

/// What a tuple was made of.
fn items_of<'c: 'a, 'a>(tuple: Value<'c, 'a>) -> Option<Vec<Value<'c, 'a>>> {
    let made = defined_by(tuple, "py.build_tuple")?;
    let count = made.operand_count().checked_sub(1)?;
    Some(made.operands().take(count).collect())
}

/// An item of a constant.
#[derive(Clone, Copy)]
enum Number {
    Int(i64),
    Float(f64),
}

impl Number {
    fn boxed<'c, 'a>(self, builder: &Builder<'c, 'a>) -> Value<'c, 'a> {
        let number = match self {
            Self::Int(number) => builder.int(number),
            Self::Float(number) => builder.float(number),
        };
        builder.value("py.box", &[number], builder.types().object)
    }

    fn parse(text: &str) -> Option<Self> {
        if let Ok(number) = text.parse() {
            return Some(Self::Int(number));
        }
        // Integers of more bits are floats to Rust, and so are words such as `inf`.
        let is_float = text.contains(['.', 'e']);
        text.parse().ok().filter(|_| is_float).map(Self::Float)
    }
}

/// The numbers of a constant, if it is a tuple of nothing else.
fn numbers(tuple: Value) -> Option<Vec<Number>> {
    let value = defined_by(tuple, "py.constant")?.attribute("value").ok()?;
    let text = text_of(value)?;
    let inside = text.strip_prefix('(')?.strip_suffix(')')?;
    let items = inside.split(',').map(str::trim);
    items
        .filter(|item| !item.is_empty())
        .map(Number::parse)
        .collect()
}

/// How a constant that is a tuple is written.
fn text_of<'c>(value: Attribute<'c>) -> Option<&'c str> {
    let entries = DictionaryAttribute::try_from(value).ok()?;
    let entry = |name| entries.element_by_name(name).and_then(string);
    (entry("kind")? == "tuple").then(|| entry("repr"))?
}

/// Lets the items stand for the results of an op, which goes away with what it alone needed.
fn take<'c, 'a>(function: &Function<'c, 'a>, op: OperationRef<'c, 'a>, items: &[Value<'c, 'a>]) {
    for (index, item) in items.iter().enumerate() {
        if let Some(value) = result(op, index) {
            replace_uses(value, *item);
        }
    }
    let tuple = op.operand(0).ok();
    remove(function, op);
    let Some(tuple) = tuple else { return };
    let states = uses(tuple).into_iter().map(|(user, _)| user);
    let idle = |op: &OperationRef| {
        name_of(*op) == "py.frame_state" && result(*op, 0).is_some_and(|state| !has_uses(state))
    };
    // A state can have the tuple in several places.
    let states: IndexMap<_, _> = states.filter(idle).map(|op| (op_key(op), op)).collect();
    states.into_values().for_each(erase);
    let made = defining_op(tuple).filter(|_| !has_uses(tuple));
    if let Some(made) = made {
        remove(function, made);
    }
}

/// Erases an op that does not fail.
fn remove<'c, 'a>(function: &Function<'c, 'a>, op: OperationRef<'c, 'a>) {
    if let Some(failed) = raised(op) {
        let builder = Builder::new(function.context, function.types, op);
        replace_uses(failed, builder.bool(false));
    }
    erase(op);
}

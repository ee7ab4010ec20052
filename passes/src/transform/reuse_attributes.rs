//! Loads an attribute once where nothing can have changed it since it was loaded.
//!
//! ```mlir
//! // before: if node.left is not None: node = node.left
//!   %a = py.load_attr %node, 1 "left" at %s
//!   %none = py.is %a, %n
//!   cf.cond_br %none, ^done, ^there
//! ^there:
//!   %b = py.load_attr %node, 1 "left" at %t
//!   ...
//! // after
//!   %ok, %p = py.peek_attr %node, 1 "left"
//!   cf.cond_br %ok, ^loaded(%p), ^load
//! ^load:
//!   %l = py.load_attr %node, 1 "left" at %s
//!   cf.br ^loaded(%l)
//! ^loaded(%a):
//!   %none = py.is %a, %n
//!   cf.cond_br %none, ^done, ^there
//! ^there:
//!   cf.cond_br %ok, ^again(%a), ^reload
//! ^reload:
//!   %m = py.load_attr %node, 1 "left" at %t
//!   cf.br ^again(%m)
//! ^again(%b):
//!   ...
//! ```
//!
//! What Python code computes is loaded each time: a property, what `__getattr__` finds, an attribute of the class.
//!
//! *Requires*: attributes that are numbers are read natively. *Ensures*: nothing can run between two loads that are one.
//! *Not here*: loads under a handler; functions without a frame, which have no loads left.

use crate::{
    Pass, PassError, PassOutcome,
    analysis::{
        frame_state::{FrameState, frame_state},
        quiet_loops::is_harmless,
    },
    cfg::{Cfg, name_of, op_key, operand_of, value_key},
    collections::IndexMap,
    cursor::{Weights, result_of},
    function::{Function, for_each_function, raised},
    inspect::str_attribute,
};
use melior::{
    Context,
    ir::{BlockLike, Module, OperationRef, Value, ValueLike, operation::OperationLike},
};
use stepwell_dialects::ir::{operations, replace_uses, split_block_before};

/// See the [module](self).
#[derive(Debug)]
pub struct ReuseAttributes;

impl Pass for ReuseAttributes {
    fn name(&self) -> &str {
        "reuse-attributes"
    }

    fn description(&self) -> &str {
        "Load attributes once where nothing can have changed them since."
    }

    fn run<'c>(&self, context: &'c Context, module: &Module<'c>) -> Result<PassOutcome, PassError> {
        for_each_function("reuse-attributes", context, module, |function| {
            let found = repeated(function);
            for (first, again) in found.values() {
                reuse(function, *first, again);
            }
            Ok(PassOutcome::from(!found.is_empty()))
        })
    }
}

/// A load, and those that come to the same behind it.
type Repeated<'c, 'a> = (OperationRef<'c, 'a>, Vec<OperationRef<'c, 'a>>);

/// The loads that others repeat, by their address.
fn repeated<'c, 'a>(function: &Function<'c, 'a>) -> IndexMap<usize, Repeated<'c, 'a>> {
    let cfg = Cfg::new(function.region);
    let ops: Vec<_> = cfg.blocks.iter().map(|block| operations(*block)).collect();
    let mut found: IndexMap<usize, Repeated> = IndexMap::default();
    // The blocks are in an order in which a load comes before what repeats it.
    let mut first_of: IndexMap<usize, usize> = IndexMap::default();
    for (place, block) in ops.iter().enumerate() {
        for (index, op) in block.iter().enumerate().filter(|(_, op)| is_load(**op)) {
            let Some(earlier) = earlier(&cfg, &ops, (place, index)) else {
                continue;
            };
            if !is_as_before(function, earlier, *op) {
                continue;
            }
            let key = op_key(earlier);
            let first = first_of.get(&key).copied().unwrap_or(key);
            first_of.insert(op_key(*op), first);
            let entry = found.entry(first).or_insert((earlier, Vec::new()));
            entry.1.push(*op);
        }
    }
    found
}

/// Whether an op loads an attribute, and leaves the function when that fails.
fn is_load(op: OperationRef) -> bool {
    name_of(op) == "py.load_attr" && raised(op).is_none()
}

/// How many blocks a load is looked for in.
const FAR: usize = 4;

/// The last load of the same attribute in front of one, on the only way there, if nothing has run or changed since.
fn earlier<'c, 'a>(
    cfg: &Cfg<'c, 'a>,
    ops: &[Vec<OperationRef<'c, 'a>>],
    (mut place, mut index): (usize, usize),
) -> Option<OperationRef<'c, 'a>> {
    let load = ops[place][index];
    for _ in 0..FAR {
        for op in ops[place][..index].iter().rev() {
            if is_same(*op, load) {
                return Some(*op);
            }
            if !is_quiet(*op) {
                return None;
            }
        }
        let [(from, _)] = cfg.predecessors[place][..] else {
            return None;
        };
        (place, index) = (from, ops[from].len());
    }
    None
}

fn is_same(op: OperationRef, load: OperationRef) -> bool {
    let object = |op| operand_of(op, 0).map(value_key);
    is_load(op)
        && object(op) == object(load)
        && str_attribute(op, "name") == str_attribute(load, "name")
}

/// Whether an op runs no Python code and changes no object.
fn is_quiet(op: OperationRef) -> bool {
    let writes = ["py.next_item", "py.poll"].contains(&name_of(op))
        || name_of(op).starts_with("py.write_")
        || name_of(op).starts_with("py.set_");
    is_harmless(op) && !writes
}

/// Whether the stack is the same in front of both loads: no object has left it, which could have ended.
fn is_as_before<'c, 'a>(
    function: &Function<'c, 'a>,
    first: OperationRef<'c, 'a>,
    again: OperationRef<'c, 'a>,
) -> bool {
    let stack = |op| frame_state(&function.types, op).map(|state: FrameState| state.stack);
    let (Some(before), Some(now)) = (stack(first), stack(again)) else {
        return false;
    };
    before.len() == now.len()
        && before
            .iter()
            .zip(&now)
            .all(|(before, now)| value_key(*before) == value_key(*now))
}

fn reuse<'c, 'a>(
    function: &Function<'c, 'a>,
    first: OperationRef<'c, 'a>,
    again: &[OperationRef<'c, 'a>],
) {
    let types = function.types;
    let (Some(object), Some(index), Some(name)) = (
        operand_of(first, 0),
        first.attribute("index").ok(),
        first.attribute("name").ok(),
    ) else {
        return;
    };
    let attributes = [("index", index), ("name", name)];
    let results = [types.i1, types.object];
    let peek = function
        .before(first)
        .op("py.peek_attr", &[object], &results, &attributes);
    let ok = result_of(peek, 0);
    let loaded = unless(function, ok, result_of(peek, 1), first);
    for load in again {
        unless(function, ok, loaded, *load);
    }
}

/// Has an op be done only where there is no value instead of its result. Yields what is used in place of that.
fn unless<'c, 'a>(
    function: &Function<'c, 'a>,
    there: Value<'c, 'a>,
    value: Value<'c, 'a>,
    op: OperationRef<'c, 'a>,
) -> Value<'c, 'a> {
    let location = op.location();
    let before = op.block().expect("the op is in a block");
    let rest = op.next_in_block().expect("a load is no terminator");
    let load = split_block_before(op);
    let rest = split_block_before(rest);
    let argument = rest.add_argument(value.r#type(), location);
    let old = result_of(op, 0);
    replace_uses(old, argument);
    let cursor = function.at_end(before, location);
    cursor.choose_with(there, (rest, &[value]), (load, &[]), Weights::Hot);
    function.at_end(load, location).jump(rest, &[old]);
    argument
}

//! Reads object locals from the frame instead of passing them around.
//!
//! The slot of an object local is always current and owns its object. A block argument that carries such a local, and
//! every use of a value behind the store that put it into a slot, becomes `py.load_local`, which borrows.
//!
//! ```mlir
//! // before
//!   py.store_local 0 "x", %new at %s
//!   cf.br ^loop(%new, %it : !py.object, !py.object)
//! ^loop(%x: !py.object, %iter: !py.object):
//!   %r = py.call %f, %null(%x) at %t
//! // after
//!   py.store_local 0 "x", %new at %s
//!   cf.br ^loop(%it : !py.object)
//! ^loop(%iter: !py.object):
//!   %x = py.load_local 0 "x"
//!   %r = py.call %f, %null(%x) at %t
//! ```
//!
//! *Requires*: nothing. *Ensures*: an object block argument that remains is no local of the frame. *Not here*: native
//! locals, reference counts.

use crate::{
    Pass, PassError, PassOutcome,
    analysis::slots::{Content, Contents, Slots, slot_of},
    cfg::{Cfg, drop_argument, name_of, op_key, value_key},
    cursor::Cursor,
    function::{Function, for_each_function},
};
use melior::{
    Context,
    ir::{
        BlockLike, BlockRef, Module, OperationRef, Value, ValueLike,
        operation::{OperationLike, OperationMutLike, OperationRefMut},
    },
};
use stepwell_dialects::ir::{operations, replace_uses, uses};

/// See the [module](self).
#[derive(Debug)]
pub struct DemoteLocals;

impl Pass for DemoteLocals {
    fn name(&self) -> &str {
        "demote-locals"
    }

    fn description(&self) -> &str {
        "Read object locals from the frame instead of passing them around."
    }

    fn run<'c>(&self, context: &'c Context, module: &Module<'c>) -> Result<PassOutcome, PassError> {
        for_each_function("demote-locals", context, module, |function| {
            let mut changed = demote_arguments(function);
            changed |= reload_after_stores(function);
            Ok(PassOutcome::from(changed))
        })
    }
}

fn demote_arguments(function: &Function) -> bool {
    let cfg = Cfg::new(function.region);
    let slots = Slots::new(function, &cfg);
    let mut changed = false;
    for (place, block) in cfg.blocks.iter().enumerate().skip(1) {
        let carried = carried_locals(function, *block, slots.at_start(place));
        for (argument, slot) in carried.iter().rev() {
            load_at_start(function, *block, *argument, *slot);
            drop_argument(function, &cfg, place, *argument);
            changed = true;
        }
    }
    changed
}

/// The object arguments of a block that are the content of a slot at its start, with that slot.
fn carried_locals<'c, 'a>(
    function: &Function<'c, 'a>,
    block: BlockRef<'c, 'a>,
    contents: &Contents<'c, 'a>,
) -> Vec<(usize, usize)> {
    let slot_with = |argument: Value| {
        contents.iter().find_map(|(slot, content)| match content {
            Content::Object(value) if value_key(*value) == value_key(argument) => Some(*slot),
            _ => None,
        })
    };
    (0..block.argument_count())
        .filter_map(|number| {
            let argument: Value = block.argument(number).ok()?.into();
            let is_object = argument.r#type() == function.types.object;
            Some((number, is_object.then(|| slot_with(argument))??))
        })
        .collect()
}

fn load_at_start<'c, 'a>(
    function: &Function<'c, 'a>,
    block: BlockRef<'c, 'a>,
    argument: usize,
    slot: usize,
) {
    let Ok(argument) = block.argument(argument) else {
        return;
    };
    let argument: Value = argument.into();
    let mut cursor = function.at_start(block, argument.location());
    // A handler begins with `py.fetch_exception`, which stays first.
    if let Some(first) = block
        .first_operation()
        .filter(|op| name_of(*op) == "py.fetch_exception")
    {
        cursor = function.after(first);
    }
    replace_uses(argument, load(function, &cursor, slot));
}

fn load<'c, 'a>(
    function: &Function<'c, 'a>,
    cursor: &Cursor<'c, 'a>,
    slot: usize,
) -> Value<'c, 'a> {
    let name = cursor.string(function.local_name(slot));
    cursor.value(
        "py.load_local",
        &[],
        function.types.object,
        &[("index", cursor.i32(slot as i64)), ("name", name)],
    )
}

fn reload_after_stores(function: &Function) -> bool {
    let cfg = Cfg::new(function.region);
    let dominators = cfg.dominators();
    let stores = cfg.blocks.iter().flat_map(|block| operations(*block));
    let stores: Vec<_> = stores
        .filter(|op| name_of(*op) == "py.store_local")
        .collect();
    stores.into_iter().fold(false, |changed, store| {
        changed | reload_after(function, &cfg, &dominators, store)
    })
}

/// Makes the uses of a stored value that the store dominates read the slot.
fn reload_after<'c, 'a>(
    function: &Function<'c, 'a>,
    cfg: &Cfg<'c, 'a>,
    dominators: &[usize],
    store: OperationRef<'c, 'a>,
) -> bool {
    let (Some(slot), Ok(value)) = (slot_of(store), store.operand(0)) else {
        return false;
    };
    if is_constant(value) {
        return false;
    }
    let later: Vec<_> = uses(value)
        .into_iter()
        .filter(|(op, _)| is_behind(cfg, dominators, store, *op))
        .collect();
    if later.is_empty() {
        return false;
    }
    let loaded = load(function, &function.after(store), slot);
    for (op, operand) in later {
        // SAFETY: the op is alive and nobody else holds a reference to it that would see the change.
        let mut op = unsafe { OperationRefMut::from_raw(op.to_raw()) };
        op.set_operand(operand, loaded);
    }
    true
}

/// Constants live on anyway: there is nothing to gain from the slot.
fn is_constant(value: Value) -> bool {
    let op = crate::analysis::slots::defining_op(value);
    op.is_some_and(|op| {
        matches!(
            name_of(op),
            "py.constant" | "py.null" | "py.load_assertion_error"
        )
    })
}

/// Whether `op` is executed only behind `store`.
fn is_behind(cfg: &Cfg, dominators: &[usize], store: OperationRef, op: OperationRef) -> bool {
    let (Some(home), Some(block)) = (store.block(), op.block()) else {
        return false;
    };
    if home == block {
        return op_key(op) != op_key(store) && store.is_before_in_block(op);
    }
    let (Some(home), Some(mut place)) = (cfg.place(home), cfg.place(block)) else {
        return false;
    };
    while place != 0 && place != home {
        place = dominators[place];
    }
    place == home
}

//! Looks once for the items of a list that a loop uses, in front of the loop.
//!
//! ```mlir
//! // before
//!   cf.br ^head(%c0, %n : i64, i64)
//! ^body:
//!   %ok, %items, %length = py.sequence %x as "list"
//!   ...
//!   py.poll at %s
//!   cf.br ^head(%next, %rest : i64, i64)
//! // after
//!   %ok, %items, %length = py.sequence %x as "list"
//!   cf.br ^head(%c0, %n : i64, i64)
//! ^body:
//!   ...
//!   py.poll at %s
//!   py.confirm_sequence %x as "list" is (%ok, %items, %length) at %s
//!   cf.br ^head(%next, %rest : i64, i64)
//! ```
//!
//! A list stays where it is while nothing adds or removes items. In a loop that runs no Python code only a poll could do
//! that, by a signal handler or another thread, so it is confirmed there. The outermost such loop is taken. In a block
//! without Python code one look is enough, too. What is asked of one object as a list and as a list or tuple is asked as
//! a list: something is assigned to.
//!
//! An item that is itself a sequence and is done with soon needs no reference of its own (`py.borrowed`).
//!
//! *Requires*: level `typed`. *Ensures*: nothing but where `py.sequence` stands, and `py.borrowed`. *Leaves alone*: loops that are entered
//! from several blocks, and objects that are made inside.

use crate::{
    Pass, PassError, PassOutcome,
    analysis::{
        quiet_loops::{QuietLoop, is_harmless, quiet_loops},
        slots::defining_op,
    },
    cfg::{Cfg, erase, name_of, operand_of, owner_block, value_key},
    collections::IndexMap,
    cursor::{Cursor, result_of},
    function::{Function, for_each_function},
    inspect::str_attribute,
};
use melior::{
    Context,
    ir::{
        Attribute, Module, OperationRef, Value,
        operation::{OperationLike, OperationMutLike, OperationRefMut},
    },
};
use stepwell_dialects::ir::{operations, replace_uses, uses};

/// The attribute of a `py.load_item` whose result is no new reference.
pub const BORROWED: &str = "py.borrowed";

/// See the [module](self).
#[derive(Debug)]
pub struct HoistSequences;

impl Pass for HoistSequences {
    fn name(&self) -> &str {
        "hoist-sequences"
    }

    fn description(&self) -> &str {
        "Look once for the items of a list that a loop uses."
    }

    fn run<'c>(&self, context: &'c Context, module: &Module<'c>) -> Result<PassOutcome, PassError> {
        for_each_function("hoist-sequences", context, module, |function| {
            let cfg = Cfg::new(function.region);
            let hoisted = hoist(function, &cfg);
            let merged = cfg.blocks.iter().fold(false, |changed, block| {
                let merged = merge(&operations(*block));
                borrow(function, &operations(*block)) || merged || changed
            });
            Ok(PassOutcome::from(hoisted || merged))
        })
    }
}

fn hoist<'c, 'a>(function: &Function<'c, 'a>, cfg: &Cfg<'c, 'a>) -> bool {
    let loops = quiet_loops(cfg);
    let mut groups: IndexMap<(usize, usize), Vec<OperationRef<'c, 'a>>> = IndexMap::default();
    for (place, block) in cfg.blocks.iter().enumerate() {
        for op in operations(*block) {
            let object = operand_of(op, 0).filter(|_| name_of(op) == "py.sequence");
            let found =
                object.and_then(|object| Some((outermost(cfg, &loops, place, object)?, object)));
            if let Some((number, object)) = found {
                groups
                    .entry((number, value_key(object)))
                    .or_default()
                    .push(op);
            }
        }
    }
    for ((number, _), ops) in &groups {
        let found = &loops[*number];
        let Some(object) = operand_of(ops[0], 0) else {
            continue;
        };
        let looked = look(&function.before(found.entry), object, ops);
        for op in ops {
            replace(*op, looked);
        }
        confirm_behind_polls(function, cfg, found, looked);
    }
    !groups.is_empty()
}

/// The first of the loops that has the block in it, and not the definition of the object.
fn outermost<'c, 'a>(
    cfg: &Cfg<'c, 'a>,
    loops: &[QuietLoop<'c, 'a>],
    place: usize,
    object: Value<'c, 'a>,
) -> Option<usize> {
    let home = match defining_op(object) {
        Some(op) => op.block()?,
        None => owner_block(object),
    };
    let home = cfg.place(home)?;
    loops
        .iter()
        .position(|found| found.members.contains(&place) && !found.members.contains(&home))
}

/// One `py.sequence` for all of them.
fn look<'c, 'a>(
    cursor: &Cursor<'c, 'a>,
    object: Value<'c, 'a>,
    ops: &[OperationRef<'c, 'a>],
) -> OperationRef<'c, 'a> {
    let types = cursor.types;
    let kind = ops.iter().fold("sequence", |kind, op| narrower(kind, *op));
    let results = [types.i1, types.i64, types.i64];
    let attributes = [("kind", cursor.string(kind))];
    cursor.op("py.sequence", &[object], &results, &attributes)
}

/// The kind that fits an op, too.
fn narrower<'k>(kind: &'k str, op: OperationRef) -> &'k str {
    match str_attribute(op, "kind") {
        Some("list") => "list",
        _ => kind,
    }
}

fn replace<'c, 'a>(op: OperationRef<'c, 'a>, by: OperationRef<'c, 'a>) {
    for index in 0..op.result_count() {
        replace_uses(result_of(op, index), result_of(by, index));
    }
    erase(op);
}

fn confirm_behind_polls<'c, 'a>(
    function: &Function<'c, 'a>,
    cfg: &Cfg<'c, 'a>,
    found: &QuietLoop<'c, 'a>,
    looked: OperationRef<'c, 'a>,
) {
    for poll in found.polls(cfg) {
        let (Some(object), Some(state)) = (operand_of(looked, 0), operand_of(poll, 0)) else {
            continue;
        };
        let cursor = function.after(poll);
        let fields = (0..3).map(|index| result_of(looked, index));
        let operands: Vec<_> = std::iter::once(object)
            .chain(fields)
            .chain([state])
            .collect();
        let kind = str_attribute(looked, "kind").unwrap_or_default();
        let attributes = [("kind", cursor.string(kind))];
        cursor.op("py.confirm_sequence", &operands, &[], &attributes);
    }
}

/// Leaves the first look of a block at each object, up to the next Python code.
fn merge(ops: &[OperationRef]) -> bool {
    let mut known: IndexMap<(usize, &str), OperationRef> = IndexMap::default();
    let mut changed = false;
    for op in ops {
        if name_of(*op) == "py.poll" || !is_harmless(*op) {
            known.clear();
        }
        let object = operand_of(*op, 0).filter(|_| name_of(*op) == "py.sequence");
        let kind = str_attribute(*op, "kind");
        if let Some(key) = object.map(value_key).zip(kind) {
            match known.get(&key) {
                Some(first) => {
                    replace(*op, *first);
                    changed = true;
                }
                None => {
                    known.insert(key, *op);
                }
            }
        }
    }
    changed
}

/// Marks the items that nothing needs behind the next Python code: the sequence has them until then.
fn borrow<'c, 'a>(function: &Function<'c, 'a>, ops: &[OperationRef<'c, 'a>]) -> bool {
    let mut changed = false;
    for (place, load) in ops.iter().enumerate() {
        let loads = name_of(*load) == "py.load_item" && !load.has_attribute(BORROWED);
        if loads && is_soon_done(*load, &ops[place + 1..]) {
            // SAFETY: the op is alive and nobody else holds a reference to it that would see the change.
            let mut load = unsafe { OperationRefMut::from_raw(load.to_raw()) };
            load.set_discardable_attribute(BORROWED, Attribute::unit(function.context));
            changed = true;
        }
    }
    changed
}

/// Whether all uses of an item are among the next ops, in front of anything that could take it out of the sequence.
/// Frame states take a reference where they are left at.
fn is_soon_done(load: OperationRef, next: &[OperationRef]) -> bool {
    const USES: [&str; 4] = [
        "py.load_item",
        "py.read_item",
        "py.sequence",
        "py.frame_state",
    ];
    let quiet = next.iter().take_while(|op| {
        is_harmless(**op) && !matches!(name_of(**op), "py.poll" | "py.write_item")
    });
    let quiet: Vec<_> = quiet.copied().collect();
    let users = uses(result_of(load, 0));
    let mut users = users.into_iter().map(|(user, _)| user);
    users.all(|user| {
        USES.contains(&name_of(user)) && quiet.contains(&user) && states_are_soon_done(user, &quiet)
    })
}

/// Whether everything that can leave at a frame state is among those ops.
fn states_are_soon_done(user: OperationRef, quiet: &[OperationRef]) -> bool {
    name_of(user) != "py.frame_state"
        || uses(result_of(user, 0))
            .into_iter()
            .all(|(op, _)| quiet.contains(&op))
}

//! Stores native locals into the frame where somebody could look at it.
//!
//! Native locals live in registers. In front of an op that may run arbitrary Python (`observes`), those whose slot is
//! not current are boxed and stored, so that `f_locals`, debuggers and tracebacks show them. An op that can raise but
//! runs no Python stores them only when it fails and the function is left.
//!
//! ```mlir
//! // before
//! %s = py.frame_state 24 locals(%i) stack(%f) : (i64), (!py.object)
//! %r = py.call %f, %null() at %s
//! // after
//! %s = py.frame_state 24 locals(%i) stack(%f) : (i64), (!py.object)
//! %b = py.box %i : i64
//! py.store_local 0 "i", %b at %s
//! %r = py.call %f, %null() at %s
//! ```
//!
//! *Requires*: polls are guarded. *Ensures*: at every observing op, and when the function is left by an exception, each
//! native local of its state is in its slot. *Not here*: exits that are not yet branches (`expand-edges` spills there).

use crate::{
    Pass, PassError, PassOutcome,
    analysis::{
        frame_state::{LAZY, first_alike, frame_state, materialize, native_locals, state_operand},
        slots::{Content, Contents, Slots, is_current, slot_of, step},
    },
    cfg::{Cfg, name_of, op_key, operand_of},
    collections::HashSet,
    cursor::Cursor,
    function::{Function, for_each_function, raised},
    transform::expand_edges::explicit_failure,
};
use melior::{
    Context,
    ir::{Block, BlockRef, Module, OperationRef, RegionLike, Value, operation::OperationLike},
};
use stepwell_dialects::{
    ir::{operations, uses},
    ownership::{OpInfo, op_info},
};

/// See the [module](self).
#[derive(Debug)]
pub struct SpillLocals;

impl Pass for SpillLocals {
    fn name(&self) -> &str {
        "spill-locals"
    }

    fn description(&self) -> &str {
        "Store native locals into the frame where somebody could look at it."
    }

    fn run<'c>(&self, context: &'c Context, module: &Module<'c>) -> Result<PassOutcome, PassError> {
        for_each_function("spill-locals", context, module, |function| {
            let mut changed = spill_before_observers(function);
            changed |= spill_on_failures(function);
            Ok(PassOutcome::from(changed))
        })
    }
}

fn spill_before_observers<'c, 'a>(function: &Function<'c, 'a>) -> bool {
    let cfg = Cfg::new(function.region);
    let observers: HashSet<usize> = (cfg.blocks.iter())
        .flat_map(|block| operations(*block))
        .filter(|op| observes(function, *op))
        .map(op_key)
        .collect();
    let spill_and_step = |contents: &mut Contents<'c, 'a>, op: OperationRef<'c, 'a>| {
        if observers.contains(&op_key(op)) {
            for (slot, value) in dirty_locals(function, op, contents) {
                contents.insert(slot, Content::spilled(function, value));
            }
        }
        step(contents, op);
    };
    let slots = Slots::with(function, &cfg, spill_and_step);
    let mut changed = false;
    for (place, block) in cfg.blocks.iter().enumerate() {
        let mut contents = slots.at_start(place).clone();
        for op in operations(*block) {
            if observers.contains(&op_key(op)) {
                changed |= spill(function, &function.before(op), op, &mut contents);
            }
            step(&mut contents, op);
        }
    }
    changed
}

/// Whether an op can run Python that looks at the locals. The stores of an earlier round have been made ready for that.
fn observes<'c, 'a>(function: &Function<'c, 'a>, op: OperationRef<'c, 'a>) -> bool {
    op_info(name_of(op)).is_some_and(|info| info.observes) && !is_spill(function, op)
}

/// Whether an op stores what its own state says that the local is.
fn is_spill<'c, 'a>(function: &Function<'c, 'a>, op: OperationRef<'c, 'a>) -> bool {
    if name_of(op) != "py.store_local" {
        return false;
    }
    let (Some(slot), Some(stored)) = (slot_of(op), operand_of(op, 0)) else {
        return false;
    };
    let behind = Contents::from_iter([(slot, Content::of(stored))]);
    let natives = frame_state(&function.types, op).map(|state| native_locals(function, &state));
    natives
        .into_iter()
        .flatten()
        .any(|(local, value)| local == slot && is_current(&behind, slot, value))
}

fn spill_on_failures(function: &Function) -> bool {
    let cfg = Cfg::new(function.region);
    let slots = Slots::new(function, &cfg);
    let mut failures = Vec::new();
    for (place, block) in cfg.blocks.iter().enumerate() {
        let mut contents = slots.at_start(place).clone();
        for op in operations(*block) {
            if leaves_unobserved(op) && !dirty_locals(function, op, &contents).is_empty() {
                failures.push((op, leave(function, op, &contents)));
            }
            step(&mut contents, op);
        }
    }
    let changed = !failures.is_empty();
    // The last one first: what follows an op moves to another block, and so moves only once.
    for (op, leave) in failures.into_iter().rev() {
        explicit_failure(function, op, leave);
    }
    changed
}

/// A block that stores the locals of a failed op and leaves the function.
fn leave<'c, 'a>(
    function: &Function<'c, 'a>,
    op: OperationRef<'c, 'a>,
    contents: &Contents<'c, 'a>,
) -> BlockRef<'c, 'a> {
    let leave = function.region.append_block(Block::new(&[]));
    let cursor = function.at_end(leave, op.location());
    let traces = op_info(name_of(op)).is_some_and(|info| info.traces);
    if !traces {
        cursor.op("py.traceback", &[], &[], &[]);
    }
    spill(function, &cursor, op, &mut contents.clone());
    cursor.op("py.propagate", &[], &[], &[]);
    leave
}

/// Whether an op can leave the function by an exception although it runs no Python.
fn leaves_unobserved(op: OperationRef) -> bool {
    let leaves = |info: &OpInfo| info.raises && !info.observes;
    let lazy = op.attribute(LAZY).is_ok();
    op_info(name_of(op)).is_some_and(leaves) && raised(op).is_none() && !lazy
}

/// The native locals of the state of `op` whose slot is not current.
pub fn dirty_locals<'c, 'a>(
    function: &Function<'c, 'a>,
    op: OperationRef<'c, 'a>,
    contents: &Contents<'c, 'a>,
) -> Vec<(usize, Value<'c, 'a>)> {
    let Some(state) = frame_state(&function.types, op) else {
        return Vec::new();
    };
    let natives = native_locals(function, &state).into_iter();
    natives
        .filter(|(slot, value)| !is_current(contents, *slot, *value))
        .collect()
}

/// The box of a number that is made in front of an op in its block anyway.
fn boxed_before<'c, 'a>(op: OperationRef<'c, 'a>, number: Value<'c, 'a>) -> Option<Value<'c, 'a>> {
    uses(number)
        .into_iter()
        .map(|(user, _)| user)
        .filter(|user| name_of(*user) == "py.box" && user.operand_count() == 1)
        .find(|user| user.block() == op.block() && user.is_before_in_block(op))
        .and_then(|user| Some(user.result(0).ok()?.into()))
}

/// Boxes and stores the native locals of the state of `op` whose slot is not current. Whether there were any.
///
/// A value in several slots is boxed once: Python sees one object.
pub fn spill<'c, 'a>(
    function: &Function<'c, 'a>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
    contents: &mut Contents<'c, 'a>,
) -> bool {
    let natives = dirty_locals(function, op, contents);
    let state = state_operand(&function.types, op).and_then(|index| op.operand(index).ok());
    let Some(state) = state else { return false };
    let mut boxes: Vec<Value> = Vec::new();
    for (index, (slot, value)) in natives.iter().enumerate() {
        let first = first_alike(&natives, index);
        let object = match boxes.get(first) {
            Some(object) => *object,
            None => boxed_before(op, *value).unwrap_or_else(|| materialize(cursor, *value)),
        };
        boxes.push(object);
        function.store_local(cursor, *slot, object, state);
        contents.insert(*slot, Content::of(object));
    }
    !natives.is_empty()
}

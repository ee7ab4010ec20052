//! Checks once in front of a loop what nothing in the loop can change.
//!
//! ```mlir
//! // before
//!   %n = num.range_length %c0, %stop, %c1 at %s0
//!   cf.br ^head(%c0, %n : i64, i64)
//! ^body:
//!   num.assume "area" at %s1
//!   %ok = py.can_inline "area"
//!   num.guard %ok at %s2 "the function cannot be inlined"
//!   ...
//!   py.poll at %s3
//!   cf.br ^head(%next, %rest : i64, i64)
//! // after
//!   %n = num.range_length %c0, %stop, %c1 at %s0
//!   num.assume "area" at %s0
//!   %ok = py.can_inline "area"
//!   num.guard %ok at %s0 "the function cannot be inlined"
//!   cf.br ^head(%c0, %n : i64, i64)
//! ^body:
//!   ...
//!   py.poll at %s3
//!   num.assume "area" at %s3 {py.behind_poll}
//!   %ok1 = py.can_inline "area" {py.behind_poll}
//!   num.guard %ok1 at %s3 "the function cannot be inlined" {py.behind_poll}
//!   cf.br ^head(%next, %rest : i64, i64)
//! ```
//!
//! Globals, the code of functions and the frame change only by Python code. In a loop without any only a poll runs some,
//! and so they are looked at again behind polls: off the hot path, since `guard-polls` has it all done only when there is
//! something to poll for. A guard on a value from outside is taken where each iteration comes to it. What is done in front
//! of a loop leaves there as the last instruction in front of it would; it can then leave a loop that would not have run.
//!
//! *Requires*: level `typed`. *Ensures*: nothing but where checks stand. *Leaves alone*: loops that are entered from
//! several blocks, and those in front of which there is no instruction that could be left at.

use crate::{
    Pass, PassError, PassOutcome,
    analysis::{
        frame_state::state_operand,
        quiet_loops::{QuietLoop, quiet_loops},
        slots::defining_op,
    },
    cfg::{Cfg, erase, name_of, operand_of, owner_block, value_key},
    collections::IndexMap,
    cursor::Cursor,
    function::{Function, for_each_function},
    inspect::{defined_by, result, str_attribute},
};
use melior::{
    Context,
    ir::{
        Attribute, Module, Operation, OperationRef, Value,
        operation::{OperationLike, OperationMutLike, OperationRefMut},
    },
};
use stepwell_dialects::ir::{operations, uses};

/// The attribute of ops that only have to be done when a poll in front of them has been.
pub const BEHIND_POLL: &str = "py.behind_poll";

/// See the [module](self).
#[derive(Debug)]
pub struct HoistChecks;

impl Pass for HoistChecks {
    fn name(&self) -> &str {
        "hoist-checks"
    }

    fn description(&self) -> &str {
        "Check once in front of a loop what nothing in it can change."
    }

    fn run<'c>(&self, context: &'c Context, module: &Module<'c>) -> Result<PassOutcome, PassError> {
        for_each_function("hoist-checks", context, module, |function| {
            let cfg = Cfg::new(function.region);
            let dominators = cfg.dominators();
            let mut changed = false;
            // An outer loop first: what it takes is not in those inside any more.
            for found in quiet_loops(&cfg) {
                changed |= hoist(function, &cfg, &dominators, &found);
            }
            Ok(PassOutcome::from(changed))
        })
    }
}

/// What is checked in a loop and could be in front of it.
#[derive(Default)]
struct Checks<'c, 'a> {
    /// `num.assume`, by name.
    assumes: IndexMap<&'c str, Vec<OperationRef<'c, 'a>>>,
    /// The guards of `py.can_inline`, by name.
    inlined: IndexMap<&'c str, Vec<OperationRef<'c, 'a>>>,
    /// `py.check_frame`.
    frames: Vec<OperationRef<'c, 'a>>,
    /// Guards on values from outside, by value.
    guards: IndexMap<usize, Vec<OperationRef<'c, 'a>>>,
}

impl<'c, 'a> Checks<'c, 'a> {
    fn of(cfg: &Cfg<'c, 'a>, dominators: &[usize], found: &QuietLoop<'c, 'a>) -> Self {
        let always = found.always(cfg, dominators);
        let mut checks = Self::default();
        for op in found.ops(cfg) {
            let name = || str_attribute(op, "name").unwrap_or_default();
            match name_of(op) {
                _ if op.has_attribute(BEHIND_POLL) => {}
                "num.assume" => checks.assumes.entry(name()).or_default().push(op),
                "py.check_frame" => checks.frames.push(op),
                "num.guard" => {
                    let Some(condition) = operand_of(op, 0) else {
                        continue;
                    };
                    let place = op.block().and_then(|block| cfg.place(block));
                    if let Some(can) = callee(condition) {
                        checks.inlined.entry(can).or_default().push(op);
                    } else if place.is_some_and(|place| always.contains(&place))
                        && is_outside(cfg, found, condition)
                    {
                        let key = value_key(condition);
                        checks.guards.entry(key).or_default().push(op);
                    }
                }
                _ => {}
            }
        }
        checks
    }

    fn is_empty(&self) -> bool {
        self.assumes.is_empty()
            && self.inlined.is_empty()
            && self.frames.is_empty()
            && self.guards.is_empty()
    }
}

/// The function whose inlining a condition allows, and nothing else.
fn callee<'c>(condition: Value<'c, '_>) -> Option<&'c str> {
    let can = defined_by(condition, "py.can_inline").filter(|_| uses(condition).len() == 1)?;
    str_attribute(can, "name")
}

fn is_outside<'c, 'a>(cfg: &Cfg<'c, 'a>, found: &QuietLoop<'c, 'a>, value: Value<'c, 'a>) -> bool {
    let home = match defining_op(value) {
        Some(op) => op.block(),
        None => Some(owner_block(value)),
    };
    let home = home.and_then(|block| cfg.place(block));
    home.is_some_and(|home| !found.members.contains(&home))
}

fn hoist<'c, 'a>(
    function: &Function<'c, 'a>,
    cfg: &Cfg<'c, 'a>,
    dominators: &[usize],
    found: &QuietLoop<'c, 'a>,
) -> bool {
    let checks = Checks::of(cfg, dominators, found);
    if checks.is_empty() {
        return false;
    }
    let Some(state) = last_state(function, found.entry) else {
        return false;
    };
    let polls = found.polls(cfg);
    let front = function.before(found.entry);
    for (name, ops) in &checks.assumes {
        assume(&front, name, state);
        for poll in &polls {
            behind(function, *poll, |cursor, state| {
                vec![assume(cursor, name, state)]
            });
        }
        ops.iter().for_each(|op| erase(*op));
    }
    for (name, ops) in &checks.inlined {
        may_inline(&front, name, ops[0], state);
        for poll in &polls {
            behind(function, *poll, |cursor, state| {
                may_inline(cursor, name, ops[0], state)
            });
        }
        for op in ops {
            let can = operand_of(*op, 0).and_then(defining_op);
            erase(*op);
            can.into_iter().for_each(erase);
        }
    }
    if !checks.frames.is_empty() {
        front.op("py.check_frame", &[state], &[], &[]);
        checks.frames.iter().for_each(|op| erase(*op));
    }
    for ops in checks.guards.values() {
        guard_as(&front, ops[0], state);
        ops.iter().for_each(|op| erase(*op));
    }
    true
}

/// The state of the last instruction in front of a branch, if it can be run once more: nothing that it did can be seen.
fn last_state<'c, 'a>(
    function: &Function<'c, 'a>,
    branch: OperationRef<'c, 'a>,
) -> Option<Value<'c, 'a>> {
    const SILENT: [&str; 11] = [
        "py.box",
        "py.can_inline",
        "py.constant",
        "py.describe",
        "py.frame_state",
        "py.known",
        "py.method",
        "py.null",
        "py.range_iterator",
        "py.read_scalar",
        "py.sequence",
    ];
    for op in operations(branch.block()?).into_iter().rev().skip(1) {
        let name = name_of(op);
        if let Some(index) = state_operand(&function.types, op) {
            let again = match name {
                "num.store" | "num.call" => false,
                "py.check_frame" | "py.poll" | "py.unbox" => true,
                "py.confirm" | "py.confirm_sequence" | "py.guard_identity" => true,
                name => name.starts_with("num."),
            };
            return operand_of(op, index).filter(|_| again);
        }
        let pure = ["arith.", "complex.", "math."]
            .iter()
            .any(|dialect| name.starts_with(dialect));
        if !pure && !SILENT.contains(&name) {
            return None;
        }
    }
    None
}

fn assume<'c, 'a>(
    cursor: &Cursor<'c, 'a>,
    name: &str,
    state: Value<'c, 'a>,
) -> OperationRef<'c, 'a> {
    cursor.op(
        "num.assume",
        &[state],
        &[],
        &[("name", cursor.string(name))],
    )
}

fn may_inline<'c, 'a>(
    cursor: &Cursor<'c, 'a>,
    name: &str,
    guard: OperationRef<'c, 'a>,
    state: Value<'c, 'a>,
) -> Vec<OperationRef<'c, 'a>> {
    let i1 = cursor.types.i1;
    let can = cursor.op(
        "py.can_inline",
        &[],
        &[i1],
        &[("name", cursor.string(name))],
    );
    let new = guard_as(cursor, guard, state);
    set_operand(new, 0, result(can, 0).expect("it has a result"));
    vec![can, new]
}

/// A copy of a guard with another state.
fn guard_as<'c, 'a>(
    cursor: &Cursor<'c, 'a>,
    guard: OperationRef<'c, 'a>,
    state: Value<'c, 'a>,
) -> OperationRef<'c, 'a> {
    let new = cursor.insert(Operation::clone(&guard));
    set_operand(new, 1, state);
    new
}

fn set_operand<'c>(op: OperationRef<'c, '_>, index: usize, value: Value<'c, '_>) {
    // SAFETY: the op is alive and nobody else holds a reference to it that would see the change.
    let mut op = unsafe { OperationRefMut::from_raw(op.to_raw()) };
    op.set_operand(index, value);
}

/// Makes ops behind a poll that are needed only when it has been done.
fn behind<'c, 'a>(
    function: &Function<'c, 'a>,
    poll: OperationRef<'c, 'a>,
    make: impl Fn(&Cursor<'c, 'a>, Value<'c, 'a>) -> Vec<OperationRef<'c, 'a>>,
) {
    let Some(state) = operand_of(poll, 0) else {
        return;
    };
    for op in make(&function.after(poll), state) {
        // SAFETY: as in `set_operand`.
        let mut op = unsafe { OperationRefMut::from_raw(op.to_raw()) };
        op.set_discardable_attribute(BEHIND_POLL, Attribute::unit(function.context));
    }
}

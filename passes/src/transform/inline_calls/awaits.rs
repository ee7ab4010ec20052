//! Coroutines that are awaited where they are made: if the body is computed there, the call is the result.
//!
//! ```mlir
//! // before
//!   %c = py.call %leaf, %null(%i) at %s1
//!   %a = py.get_awaitable 0, %c at %s2
//!   cf.br ^send(%none)
//! ^send(%v: !py.object):
//!   %r, %finished = py.send %a, %v at %s3
//!   cf.cond_br %finished, ^end, ^yield
//! ^yield:
//!   %sent = state.yield delegating %r at %s4
//!   cf.br ^send(%sent)
//! ^end:
//!   %x = py.binary add %r, %i at %s5
//! // after
//!   %c = py.call %leaf, %null(%i) at %s1 {py.awaited}
//!   cf.br ^end
//! ^end:
//!   %x = py.binary add %c, %i at %s5
//! ```
//!
//! A call that is marked so has to be inlined. Nothing that is left of the function knows of the coroutine: what has a
//! state with it is gone.

use crate::{
    cfg::{drop_unreachable, edges, erase, name_of},
    function::{Function, raised},
    inspect::{result, str_attribute},
    transform::inline_generators::body::flag,
};
use melior::ir::{
    Attribute, OperationRef, Value,
    operation::{OperationLike, OperationMutLike, OperationRefMut},
};
use stepwell_dialects::ir::{replace_uses, uses};

/// The discardable attribute of a call whose result stands for what the coroutine returns.
pub const AWAITED: &str = "py.awaited";

/// Whether a function makes coroutines.
pub fn is_coroutine(function: OperationRef) -> bool {
    str_attribute(function, "py.kind") == Some("coroutine")
}

/// What there is of an `await` of the result of a call.
pub struct Await<'c, 'a> {
    call: OperationRef<'c, 'a>,
    checks: Vec<OperationRef<'c, 'a>>,
    awaitable: OperationRef<'c, 'a>,
    send: OperationRef<'c, 'a>,
    /// The branch on whether the receiver has finished.
    branch: OperationRef<'c, 'a>,
}

impl<'c, 'a> Await<'c, 'a> {
    /// That of a call whose result is awaited and not used in any other way.
    pub fn of(call: OperationRef<'c, 'a>) -> Option<Self> {
        let mut checks = Vec::new();
        let (mut awaitable, mut send) = (None, None);
        for (user, operand) in users(result(call, 0)?) {
            match (name_of(user), operand) {
                ("py.check_frame", _) => checks.push(user),
                ("py.get_awaitable", 0) => awaitable = once(awaitable, user)?,
                ("py.get_awaitable", _) => {}
                _ => return None,
            }
        }
        let awaitable = awaitable?;
        for (user, operand) in users(result(awaitable, 0)?) {
            match (name_of(user), operand) {
                ("py.send", 0) => send = once(send, user)?,
                ("py.send" | "state.yield", 1..) => {}
                _ => return None,
            }
        }
        let send = send?;
        let [(branch, 0)] = uses(result(send, 1)?)[..] else {
            return None;
        };
        (name_of(branch) == "cf.cond_br").then_some(Self {
            call,
            checks,
            awaitable,
            send,
            branch,
        })
    }

    /// Goes on with the result of the call.
    pub fn resolve(self, function: &Function<'c, 'a>) {
        let context = function.context;
        // SAFETY: the op is alive and nobody else holds a reference to it that would see the change.
        let mut call = unsafe { OperationRefMut::from_raw(self.call.to_raw()) };
        call.set_discardable_attribute(AWAITED, Attribute::unit(context));
        let (Some(answer), Some(end), Some(block)) = (
            result(self.call, 0),
            edges(self.branch).into_iter().next(),
            self.branch.block(),
        ) else {
            return;
        };
        function
            .at_end(block, self.branch.location())
            .jump(end.target, &end.operands);
        erase(self.branch);
        for op in [self.send, self.awaitable] {
            if let Some(raised) = raised(op) {
                replace_uses(raised, flag(&function.before(op), false));
            }
            if let Some(value) = result(op, 0) {
                replace_uses(value, answer);
            }
            erase(op);
        }
        self.checks.into_iter().for_each(erase);
        drop_unreachable(function.region);
    }
}

/// The ops that use a value themselves or have a state with it, with the number of the operand that is the value or the
/// state.
fn users<'c, 'a>(value: Value<'c, 'a>) -> Vec<(OperationRef<'c, 'a>, usize)> {
    let through_state = |(user, operand): (OperationRef<'c, 'a>, usize)| match name_of(user) {
        "py.frame_state" => result(user, 0).map(uses).unwrap_or_default(),
        _ => vec![(user, operand)],
    };
    uses(value).into_iter().flat_map(through_state).collect()
}

/// The op, unless there is one already.
fn once<T>(known: Option<T>, found: T) -> Option<Option<T>> {
    known.is_none().then_some(Some(found))
}

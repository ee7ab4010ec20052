//! Computes small functions of the same module where they are called.
//!
//! ```mlir
//! // before: area() is `return w * h`
//!   %f = py.load_global 0 "area" at %s1
//!   %r = py.call %f, %null(%a, %b) at %s2
//! // after
//!   num.assume "area" at %s1
//!   %f = py.known "area"
//!   %ok = py.can_inline "area"
//!   num.guard %ok at %s2 "the function cannot be inlined"
//!   cf.br ^body
//! ^body:
//!   %p = py.binary multiply %a, %b at %s2
//!   cf.br ^rest(%p : !py.object)
//! ^rest(%r: !py.object):
//! ```
//!
//! Every state in the body is that of the call: whoever leaves there has the interpreter make the call, from its
//! beginning. That is why nothing in the body may have an effect (`check-inlined`), and why there is nobody who could see
//! that it has no frame. Polls are left to the loops of the caller, since the body has none.
//!
//! A coroutine that is awaited where it is made, and that awaits nothing itself but such coroutines, is computed there as
//! well: it cannot be suspended, so there is no need for it.
//!
//! *Requires*: functions with `py.inlinable`, the bodies of the globals of that name. *Ensures*: no such function is left.
//! *Leaves alone*: functions with loops, handlers (but the one that every coroutine has), or ops that are no matter of
//! numbers; calls with keywords or with other than all arguments. *Not here*: whether the inlined bodies are free of effects.

mod awaits;
mod body;
mod candidates;

use crate::{
    Pass, PassError, PassOutcome,
    cfg::{erase, name_of},
    function::{Function, for_each_function},
    inspect::str_attribute,
    source::source_location,
};
use awaits::{AWAITED, Await};
use candidates::Candidates;
use melior::{
    Context,
    ir::{Module, OperationRef, operation::OperationLike},
};
use stepwell_dialects::ir::{blocks, functions, operations};

/// The attribute of a function that may be inlined: the global that it is the value of.
pub const INLINABLE: &str = "py.inlinable";

/// So many calls are inlined in one function. What recurs ends there.
const MOST: usize = 32;

/// See the [module](self).
#[derive(Debug)]
pub struct InlineCalls;

impl Pass for InlineCalls {
    fn name(&self) -> &str {
        "inline-calls"
    }

    fn description(&self) -> &str {
        "Compute small functions of the same module where they are called."
    }

    fn run<'c>(&self, context: &'c Context, module: &Module<'c>) -> Result<PassOutcome, PassError> {
        let given: Vec<_> = functions(module)
            .into_iter()
            .filter(|op| op.has_attribute(INLINABLE))
            .collect();
        if given.is_empty() {
            return Ok(PassOutcome::Unchanged);
        }
        let coroutines: Vec<_> = given
            .iter()
            .filter(|op| awaits::is_coroutine(**op))
            .filter_map(|op| str_attribute(*op, INLINABLE))
            .collect();
        for_each_function("inline-calls", context, module, |function| {
            let own = str_attribute(function.op, INLINABLE);
            if awaits::is_coroutine(function.op) && own.is_some() {
                resolve(function, |call| {
                    let name = candidates::callee_name(call);
                    name.is_some_and(|name| Some(name) != own && coroutines.contains(&name))
                });
            }
            Ok(PassOutcome::Changed)
        })?;
        for_each_function("inline-calls", context, module, |function| {
            let is_callee = [INLINABLE, super::inline_generators::CALLEE]
                .iter()
                .any(|attribute| function.op.has_attribute(attribute));
            if !is_callee {
                let candidates = Candidates::new(function, &given);
                resolve(function, |call| {
                    let found = candidates.find(call, true);
                    found.is_some_and(|found| awaits::is_coroutine(found.callee))
                });
                inline_all(function, &candidates)?;
            }
            Ok(PassOutcome::Changed)
        })?;
        given.into_iter().for_each(erase);
        Ok(PassOutcome::Changed)
    }
}

/// Goes on with the results of the chosen calls where their coroutines are awaited.
fn resolve<'c, 'a>(function: &Function<'c, 'a>, is_chosen: impl Fn(OperationRef<'c, 'a>) -> bool) {
    let next = |call: OperationRef<'c, 'a>| {
        let is_new = !call.has_attribute(AWAITED) && is_chosen(call);
        is_new.then(|| Await::of(call)).flatten()
    };
    // What becomes unreachable goes each time, and calls with it.
    while let Some(found) = calls(function).into_iter().find_map(next) {
        found.resolve(function);
    }
}

fn calls<'c, 'a>(function: &Function<'c, 'a>) -> Vec<OperationRef<'c, 'a>> {
    let all = blocks(function.region).into_iter().flat_map(operations);
    all.filter(|op| name_of(*op) == "py.call").collect()
}

/// Fails when something is left that cannot be called.
fn inline_all<'c, 'a>(
    function: &Function<'c, 'a>,
    candidates: &Candidates<'c, 'a>,
) -> Result<(), PassError> {
    for _ in 0..MOST {
        let is_awaited = |call: &OperationRef| call.has_attribute(AWAITED);
        let mut calls = calls(function).into_iter();
        let found = calls.find_map(|call| candidates.find(call, is_awaited(&call)));
        let Some(found) = found else {
            break;
        };
        body::inline(function, &found);
    }
    match calls(function)
        .into_iter()
        .find(|call| call.has_attribute(AWAITED))
    {
        Some(call) => Err(PassError::Unsupported {
            reason: "too many coroutines to inline".to_owned(),
            location: source_location(call.location()),
        }),
        None => Ok(()),
    }
}

//! The loop that consumes a generator where it is made.

use crate::{
    cfg::{name_of, operand_of},
    inspect::{defined_by, result},
};
use melior::ir::{BlockRef, OperationRef, Value, operation::OperationLike};
use stepwell_dialects::ir::uses;

/// `yield from f(..)`, or `for x in f(..)`.
pub struct Consumer<'c, 'a> {
    /// The block of the op that asks for the next item.
    pub head: BlockRef<'c, 'a>,
    /// The branch on whether there was none, and its block.
    pub branch: OperationRef<'c, 'a>,
    pub decision: BlockRef<'c, 'a>,
    /// What the generator has returned, where somebody asks.
    pub returned: Option<Value<'c, 'a>>,
}

impl<'c, 'a> Consumer<'c, 'a> {
    /// That of a call whose result is not used in any other way.
    pub fn of(call: OperationRef<'c, 'a>) -> Option<Self> {
        let iterator = only_user(result(call, 0)?, &["py.get_yield_from_iter", "py.get_iter"])?;
        let step = only_user(result(iterator, 0)?, &["py.send", "py.for_iter"])?;
        let [(branch, 0)] = uses(result(step, 1)?)[..] else {
            return None;
        };
        let is_send = name_of(step) == "py.send";
        let fits = is_send == (name_of(iterator) == "py.get_yield_from_iter");
        (fits && name_of(branch) == "cf.cond_br").then_some(Self {
            head: step.block()?,
            branch,
            decision: branch.block()?,
            returned: result(step, 0).filter(|_| is_send),
        })
    }
}

/// The one op that takes a value as its first operand, if all else that uses it are frame states.
fn only_user<'c, 'a>(value: Value<'c, 'a>, names: &[&str]) -> Option<OperationRef<'c, 'a>> {
    let mut found = None;
    for (user, operand) in uses(value) {
        match (name_of(user), operand) {
            ("py.frame_state", _) => {}
            (name, 0) if names.contains(&name) && found.is_none() => found = Some(user),
            _ => return None,
        }
    }
    found.filter(|op| operand_of(*op, 0).is_some_and(|it| defined_by(it, "py.null").is_none()))
}

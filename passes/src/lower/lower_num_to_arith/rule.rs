//! What an op on integers does about signs and about results that its width does not hold.

use super::emit::Emitter;
use crate::{inspect::str_attribute, modes::Overflow};
use melior::ir::{OperationRef, Value, operation::OperationLike};

/// The attributes `nosign` and `overflow` of an op.
#[derive(Clone, Copy)]
pub(super) struct Rule {
    /// Integers have no sign.
    pub(super) nosign: bool,
    /// What happens to a result that does not fit.
    pub(super) overflow: Overflow,
}

impl Rule {
    pub(super) fn of(op: OperationRef) -> Self {
        let overflow = match str_attribute(op, "overflow") {
            Some("raise") => Overflow::Raise,
            Some("wrap") => Overflow::Wrap,
            _ => Overflow::Exact,
        };
        Self {
            nosign: op.has_attribute("nosign"),
            overflow,
        }
    }

    /// Whether results wrap around.
    pub(super) fn wraps(self) -> bool {
        self.overflow == Overflow::Wrap
    }

    /// Whether the interpreter can go on where there is no answer.
    pub(super) fn is_exact(self) -> bool {
        self.overflow == Overflow::Exact
    }

    /// Does what is to be done unless `fits`; nothing where results wrap around.
    pub(super) fn guard<'c, 'a>(
        self,
        emitter: &Emitter<'_, 'c, 'a>,
        fits: impl FnOnce() -> Value<'c, 'a>,
        state: Value<'c, 'a>,
        reason: &str,
    ) {
        match self.overflow {
            Overflow::Exact => emitter.guard(fits(), state, reason),
            Overflow::Raise => emitter.guard_raising(fits(), state, reason, "OverflowError"),
            Overflow::Wrap => {}
        }
    }
}

//! `arith.select` between numbers: upstream's canonicalisation makes it of branches.

use super::{Lowering, Native, values::zero};
use crate::{
    analysis::fact::Kind,
    builder::Builder,
    inspect::{result, value_key},
};
use melior::ir::{OperationRef, Value, operation::OperationLike};

impl<'c, 'a> Lowering<'c, 'a> {
    /// Chooses among the native forms. Where both objects are there as well, the choice between them stays at hand.
    pub(super) fn select(&mut self, op: OperationRef<'c, 'a>) {
        let parts = self.native_kind(op).zip(result(op, 0));
        let sides = op
            .operand(0)
            .and_then(|condition| Ok((condition, op.operand(1)?, op.operand(2)?)));
        let (Some((kind, chosen)), Ok((condition, yes, no))) = (parts, sides) else {
            return;
        };
        let builder = self.builder(op);
        let natives = [yes, no].map(|side| self.side(&builder, kind, side));
        let [Some(first), Some(second)] = natives else {
            return self.box_operands(op);
        };
        let native = builder.select(condition, first, second);
        let are_there = [yes, no]
            .iter()
            .all(|side| self.objects.contains(&value_key(*side)));
        if are_there {
            self.natives
                .insert(value_key(chosen), Native::new(kind, native));
            self.objects.insert(value_key(chosen));
        } else {
            self.replace(op, kind, native);
        }
    }

    fn side(
        &self,
        builder: &Builder<'c, 'a>,
        kind: Kind,
        value: Value<'c, 'a>,
    ) -> Option<Value<'c, 'a>> {
        match kind {
            _ if self.is_nothing(value) => Some(zero(builder, kind)),
            Kind::Optional => self.optional(builder, value),
            _ => Some(self.native(value)?.value),
        }
    }
}

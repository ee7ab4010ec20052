//! `xs.append(x)` of what certainly is a list: the method cannot be another one, and runs no Python code.

use super::Lowering;
use crate::{
    analysis::{fact::Kind, numbers::arguments},
    inspect::{defined_by, op_name, result, str_attribute},
};
use melior::ir::{OperationRef, attribute::StringAttribute, operation::OperationLike};
use stepwell_dialects::ir::{has_uses, replace_uses, uses};

const APPEND: &str = "list.append";

impl<'c, 'a> Lowering<'c, 'a> {
    /// In place of a `py.load_method` whose method is called at once: the method is known.
    pub(super) fn load_append(&mut self, op: OperationRef<'c, 'a>) -> bool {
        self.known_append(op).is_some()
    }

    fn known_append(&mut self, op: OperationRef<'c, 'a>) -> Option<()> {
        let list = op.operand(0).ok()?;
        let fact = self.facts.get(list);
        let is_list = fact.kind == Kind::List && !fact.maybe_null;
        let is_append = str_attribute(op, "name") == Some("append");
        let (method, this) = (result(op, 0)?, result(op, 1)?);
        (is_list && is_append && is_called(op)).then_some(())?;
        let name = [("name", StringAttribute::new(self.context, APPEND).into())];
        let builder = self.builder(op);
        let known = builder.op("py.method", &[], &[self.types.object], &name);
        replace_uses(method, result(known, 0)?);
        replace_uses(this, list);
        if let Some(raised) = result(op, 2).filter(|raised| has_uses(*raised)) {
            replace_uses(raised, builder.bool(false));
        }
        self.dead.push(op);
        Some(())
    }

    /// In place of the call.
    pub(super) fn append(&mut self, op: OperationRef<'c, 'a>) -> bool {
        self.append_item(op).is_some()
    }

    fn append_item(&mut self, op: OperationRef<'c, 'a>) -> Option<()> {
        let method = defined_by(op.operand(0).ok()?, "py.method")?;
        let ([item], APPEND) = (&arguments(op)[..], str_attribute(method, "name")?) else {
            return None;
        };
        let (list, state) = (op.operand(1).ok()?, op.operands().last()?);
        let builder = self.builder(op);
        let operands = [list, self.object(*item, &builder), state];
        let raised = result(op, 1);
        let results: Vec<_> = raised.iter().map(|_| self.types.i1).collect();
        let appended = builder.op("py.list_append", &operands, &results, &[]);
        if let Some((old, new)) = raised.zip(result(appended, 0)) {
            replace_uses(old, new);
        }
        let none = builder.value("py.none", &[], self.types.object);
        replace_uses(result(op, 0)?, none);
        self.dead.push(op);
        Some(())
    }
}

/// Whether a method is loaded for one call with one argument alone.
fn is_called(load: OperationRef) -> bool {
    let users = |index: usize| {
        let users = result(load, index).map(uses).unwrap_or_default();
        let calls = users.into_iter();
        calls
            .filter(|(user, _)| op_name(*user) != "py.frame_state")
            .collect::<Vec<_>>()
    };
    match (&users(0)[..], &users(1)[..]) {
        ([(call, 0)], [(same, 1)]) => {
            let is_plain = op_name(*call) == "py.call" && !call.has_attribute("kwnames");
            is_plain && call == same && arguments(*call).len() == 1
        }
        _ => false,
    }
}

//! Exits that say where their values are, instead of writing them to the frame themselves.

use crate::{
    analysis::{
        fact::Kind,
        frame_state::{FrameState, is_made_for_states, is_made_in_parts},
        slots::{Contents, Holders, defining_op},
    },
    cfg::name_of,
    cursor::{Cursor, result_of},
    function::{FrameKind, Function},
    inspect::str_attribute,
    modes::Numbers,
    transform::spill_locals::dirty_locals,
};
use melior::ir::{Attribute, Operation, OperationRef, Value, ValueLike, operation::OperationLike};

/// Why an exit leaves where a check finds that a slot was written: it does not hold what the function put there.
pub const LOCALS_WRITTEN: &str = "locals written or monitoring started";
/// The reason of an exit at a poll.
pub const MONITORED: &str = "monitoring is on";

/// What an exit hands over.
pub struct Leaving<'c, 'a> {
    reason: Attribute<'c>,
    raises: Option<Attribute<'c>>,
    offset: i64,
    locals: Vec<(usize, Found<'c, 'a>)>,
    stack: Vec<Found<'c, 'a>>,
}

/// Where the object of a value is.
#[derive(Clone, Copy)]
enum Found<'c, 'a> {
    /// In that slot of the frame. It is the same object there and wherever the exit puts it.
    Slot(usize),
    /// It is this value, or has to be made of it.
    Value(Value<'c, 'a>),
}

impl<'c, 'a> Leaving<'c, 'a> {
    /// Looks for the values of the state of `exit` in the slots of the frame. `None` for an exit that has more to do:
    /// where there is no frame yet, in the middle of a call, with objects of several parts, or with natives that are no
    /// numbers of Python's. The function has no inlined generators.
    pub fn new(
        function: &Function<'c, 'a>,
        exit: OperationRef<'c, 'a>,
        state: &FrameState<'c, 'a>,
        contents: &Contents<'c, 'a>,
    ) -> Option<Self> {
        let dirty = dirty_locals(function, exit, contents);
        let mut values = dirty.iter().map(|(_, value)| value).chain(&state.stack);
        let has_more_to_do = function.frame_kind() != FrameKind::Pushed
            || exit.has_attribute("in_call")
            || Numbers::of(function.op).is_unsigned()
            || values.any(|value| is_made_in_parts(*value) || is_composite(function, *value));
        if has_more_to_do {
            return None;
        }
        let holders = match str_attribute(exit, "reason") {
            Some(LOCALS_WRITTEN) => Holders::default(),
            _ => Holders::new(contents),
        };
        let find = |value| {
            holders
                .slot_with(value)
                .map_or(Found::Value(value), Found::Slot)
        };
        Some(Self {
            reason: exit.attribute("reason").ok()?,
            raises: exit.attribute("raises").ok(),
            offset: state.offset,
            locals: dirty
                .iter()
                .map(|(slot, value)| (*slot, find(*value)))
                .collect(),
            stack: state.stack.iter().map(|value| find(*value)).collect(),
        })
    }

    /// Inserts the exit with a state of its own.
    pub fn write(&self, function: &Function<'c, 'a>, cursor: &Cursor<'c, 'a>) {
        let locals = self.locals.iter().map(|(_, found)| found);
        let operands: Vec<_> = locals
            .chain(&self.stack)
            .map(|found| found.value(function, cursor))
            .collect();
        let slots: Vec<_> = self.locals.iter().map(|(slot, _)| *slot as i32).collect();
        let segments = [slots.len() as i32, self.stack.len() as i32];
        let attributes = [
            ("offset", cursor.i32(self.offset)),
            ("operandSegmentSizes", cursor.i32_array(&segments)),
        ];
        let state = function.types.state;
        let state = cursor.value("py.frame_state", &operands, state, &attributes);
        let mut attributes = vec![("reason", self.reason), ("slots", cursor.i32_array(&slots))];
        attributes.extend(self.raises.map(|class| ("raises", class)));
        cursor.op("py.exit", &[state], &[], &attributes);
    }
}

/// Whether a value, or what it is a box of, is no number of Python's: the table of exits has no word for it.
fn is_composite<'c, 'a>(function: &Function<'c, 'a>, value: Value<'c, 'a>) -> bool {
    let boxed = defining_op(value).filter(|op| name_of(*op) == "py.box");
    let value = boxed.and_then(|op| op.operand(0).ok()).unwrap_or(value);
    Kind::of_type(&function.types, value.r#type()).is_composite()
}

impl<'c, 'a> Found<'c, 'a> {
    /// A box or an iterator that only states name is made where they are taken.
    fn value(self, function: &Function<'c, 'a>, cursor: &Cursor<'c, 'a>) -> Value<'c, 'a> {
        match self {
            Self::Slot(slot) => function.load_local(cursor, slot),
            Self::Value(value) => match defining_op(value).filter(|op| is_made_for_states(*op)) {
                Some(op) => result_of(cursor.insert(Operation::clone(&op)), 0),
                None => value,
            },
        }
    }
}

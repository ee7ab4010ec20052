//! The frame: its instruction, its slots, and handing it over to the interpreter.

use super::{
    emit::{Lowering, integer, text},
    frameless, parking, spills,
};
use crate::{
    analysis::frame_state::frame_state,
    cfg::{block_key, name_of},
    cursor::Cursor,
    inspect::str_attribute,
    source::source_line,
};
use melior::ir::{OperationRef, Value, operation::OperationLike, r#type::IntegerType};
use stepwell_abi::{self as abi, layout};
use stepwell_dialects::ownership::op_info;

/// Tells the frame where it is, in front of an op that can fail or run Python, unless it has just been told.
pub fn set_instruction<'c, 'a>(lowering: &mut Lowering<'c, 'a, '_>, op: OperationRef<'c, 'a>) {
    let visible = op_info(name_of(op)).is_some_and(|info| info.raises || info.observes);
    let state = frame_state(&lowering.types(), op).filter(|_| visible);
    let Some((state, block)) = state.zip(op.block()) else {
        return;
    };
    let here = Some((block_key(block), state.offset));
    if std::mem::replace(&mut lowering.told, here) != here {
        write_instruction(lowering, &lowering.function.before(op), state.offset);
    }
}

fn write_instruction<'c, 'a>(
    lowering: &Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    offset: i64,
) {
    let here = lowering.at(cursor, lowering.code, offset as usize);
    let place = lowering.at(cursor, lowering.frame, layout::FRAME_INSTR_PTR);
    lowering.store(cursor, here, place);
}

/// Lowers an op of this family.
pub fn lower<'c, 'a>(lowering: &mut Lowering<'c, 'a, '_>, op: OperationRef<'c, 'a>) -> bool {
    let cursor = lowering.function.before(op);
    match name_of(op) {
        "py.load_local" => {
            let place = slot(lowering, &cursor, integer(op, "index") as usize);
            let value = lowering.load(&cursor, lowering.types().ptr, place);
            lowering.replace(op, 0, value);
        }
        "py.store_local" => store_local(lowering, &cursor, op),
        "py.exit" => exit(lowering, &cursor, op),
        "py.propagate" => {
            let null = lowering.null(&cursor);
            cursor.op("func.return", &[null], &[], &[]);
        }
        "py.traceback" => {
            let row = abi::function("sw_add_traceback").expect("the table has the traceback");
            let arguments = [lowering.tstate, lowering.frame];
            lowering.call(&cursor, row, &arguments);
        }
        _ => return false,
    }
    true
}

/// The address of a slot of `localsplus`.
pub fn slot<'c, 'a>(
    lowering: &Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    index: usize,
) -> Value<'c, 'a> {
    lowering.at(
        cursor,
        lowering.frame,
        layout::FRAME_LOCALSPLUS + index * layout::SLOT,
    )
}

/// The address of a place of the evaluation stack, which follows the locals.
pub fn stack_slot<'c, 'a>(
    lowering: &Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    index: usize,
) -> Value<'c, 'a> {
    slot(lowering, cursor, lowering.function.slot_count() + index)
}

fn store_local<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
) {
    let place = slot(lowering, cursor, integer(op, "index") as usize);
    let Ok(new) = op.operand(0) else { return };
    let helper = spills::helper(&lowering.function, new).unwrap_or("store_local");
    lowering.call_helper(cursor, helper, &[place, new], &[]);
}

/// Writes the evaluation stack of a state into the frame, and where the frame stands.
pub fn write_state<'c, 'a>(
    lowering: &Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    offset: i64,
    stack: &[Value<'c, 'a>],
) {
    for (index, value) in stack.iter().enumerate() {
        let place = stack_slot(lowering, cursor, index);
        lowering.store(cursor, *value, place);
    }
    let top = lowering.function.slot_count() + stack.len();
    let top = lowering.int(cursor, lowering.types().i32, top as i64);
    let place = lowering.at(cursor, lowering.frame, layout::FRAME_STACKTOP);
    lowering.store(cursor, top, place);
    write_instruction(lowering, cursor, offset);
}

fn exit<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
) {
    let Some(state) = frame_state(&lowering.types(), op) else {
        return;
    };
    parking::unpark(lowering, cursor, op);
    write_state(lowering, cursor, state.offset, &state.stack);
    let number = lowering
        .tables
        .exit(state.offset, source_line(op.location()), text(op, "reason"));
    let u16 = IntegerType::new(cursor.context, 16).into();
    let number = lowering.int(cursor, u16, number as i64);
    let place = lowering.at(cursor, lowering.frame, layout::FRAME_RETURN_OFFSET);
    lowering.store(cursor, number, place);
    if frameless::leave(lowering, cursor) {
        return;
    }
    if let Some(class) = str_attribute(op, "raises") {
        return leave_raising(lowering, cursor, class, text(op, "reason"));
    }
    let status = if op.has_attribute("in_call") {
        let row = abi::function("sw_finish_call").expect("the table has the end of calls");
        let arguments = [lowering.tstate, lowering.frame];
        lowering
            .call(cursor, row, &arguments)
            .expect("it tells how to leave")
    } else {
        lowering.status(cursor, abi::EXIT)
    };
    cursor.op("func.return", &[status], &[], &[]);
}

/// Leaves with an exception of that class, which has its traceback entry. The frame is complete.
pub fn leave_raising<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    class: &str,
    message: &str,
) {
    let known = abi::NATIVE_ERRORS.iter().position(|known| *known == class);
    let number = known.unwrap_or(abi::NATIVE_ERRORS.len()) as i64;
    let class = lowering.int(cursor, lowering.types().i32, number);
    let message = lowering.reference(cursor, format!("name {message}"));
    let row = abi::function("sw_raise_native").expect("the table has the errors of modes");
    lowering.call(cursor, row, &[class, message]);
    let row = abi::function("sw_add_traceback").expect("the table has the traceback");
    lowering.call(cursor, row, &[lowering.tstate, lowering.frame]);
    let status = lowering.status(cursor, abi::EXIT_RAISING);
    cursor.op("func.return", &[status], &[], &[]);
}

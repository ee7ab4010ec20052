//! How long a range is, in the cases that CPython walks through with machine integers.

use super::emit::Emitter;
use crate::builder::CmpiPredicate;
use melior::ir::Value;

pub(super) fn length<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    [start, stop, step]: [Value<'c, 'a>; 3],
    state: Value<'c, 'a>,
) -> Value<'c, 'a> {
    emitter.guard(
        emitter.is_not(step, 0),
        state,
        "the step of the range is zero",
    );
    let up = emitter.cmpi(CmpiPredicate::Sgt, step, emitter.int(0));
    let low = emitter.select(up, start, stop);
    let high = emitter.select(up, stop, start);
    let size = emitter.select(up, step, emitter.i64("arith.subi", emitter.int(0), step));
    let empty = emitter.cmpi(CmpiPredicate::Sge, low, high);
    // As unsigned numbers the distance and the length always fit.
    let distance = emitter.i64("arith.subi", high, low);
    let before = emitter.i64("arith.subi", distance, emitter.int(1));
    let steps = emitter.i64("arith.divui", before, size);
    let length = emitter.i64("arith.addi", steps, emitter.int(1));
    let length = emitter.select(empty, emitter.int(0), length);
    let fits = emitter.cmpi(CmpiPredicate::Sge, length, emitter.int(0));
    let stays = emitter.either(empty, stays_inside(emitter, up, stop, step));
    emitter.guard(
        emitter.both(fits, stays),
        state,
        "the range is beyond 64 bits",
    );
    length
}

/// Whether one step beyond the end is an integer of 64 bits still.
fn stays_inside<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    up: Value<'c, 'a>,
    stop: Value<'c, 'a>,
    step: Value<'c, 'a>,
) -> Value<'c, 'a> {
    let less = emitter.i64("arith.subi", step, emitter.int(1));
    let last = emitter.i64("arith.subi", emitter.int(i64::MAX), less);
    let inside_up = emitter.cmpi(CmpiPredicate::Sle, stop, last);
    let more = emitter.i64("arith.subi", emitter.int(-1), step);
    let first = emitter.i64("arith.addi", emitter.int(i64::MIN), more);
    let inside_down = emitter.cmpi(CmpiPredicate::Sge, stop, first);
    emitter.select(up, inside_up, inside_down)
}

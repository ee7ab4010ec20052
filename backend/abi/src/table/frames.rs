//! The frame, references, tracebacks.

use crate::{
    Function,
    Type::{I64, Ptr},
    function::{object, void},
};

pub(super) const ROWS: &[Function] = &[
    // Adds an entry for the frame's current instruction to the traceback of the exception that is set.
    void("sw_add_traceback", &[("ts", Ptr), ("frame", Ptr)]),
    // Frees an object whose last reference was dropped.
    void("sw_free", &[("object", Ptr)]).observing(),
    // The iterator of a native range loop: the next value, how many are left, the step. An exit needs it.
    object(
        "sw_range_iterator",
        &[("start", I64), ("length", I64), ("step", I64)],
    ),
];

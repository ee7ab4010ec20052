//! The frame, references, tracebacks.

use crate::{
    Function,
    Type::{I32, I64, Ptr},
    function::{integer, object, pointer, void},
};

pub(super) const ROWS: &[Function] = &[
    // Adds an entry for the frame's current instruction to the traceback of the exception that is set.
    void("sw_add_traceback", &[("ts", Ptr), ("frame", Ptr)]),
    // Completes the frame at an exit, as a row of the module's table of exits says, and yields the status that the body
    // returns: EXIT, or what tells of an exception (memory is short).
    pointer(
        "sw_exit",
        &[
            ("ts", Ptr),
            ("frame", Ptr),
            ("table", Ptr),
            ("row", I32),
            ("cells", Ptr),
            ("references", Ptr),
        ],
    )
    .observing(),
    // Frees an object whose last reference was dropped.
    void("sw_free", &[("object", Ptr)]).observing(),
    // Begins the frame of a call that runs without one and leaves; machine code completes it.
    pointer("sw_begin_leave", &[("function", Ptr)]),
    // Finishes the calls that left, and the call that the frame is in the middle of: how to leave the frame now.
    pointer("sw_finish_call", &[("ts", Ptr), ("frame", Ptr)]).observing(),
    // How deep calls of the frame's function itself may go if that is what `callable` is; 0 if not.
    integer(
        "sw_depth_left",
        &[("ts", Ptr), ("frame", Ptr), ("callable", Ptr)],
    ),
    // The iterator of a native range loop: the next value, how many are left, the step. An exit needs it.
    object(
        "sw_range_iterator",
        &[("start", I64), ("length", I64), ("step", I64)],
    ),
    // The iterator of a native loop over a tuple or an array: that, and the place of the next item.
    object("sw_iterator_at", &[("sequence", Ptr), ("index", I64)]),
];

//! Iteration, exceptions, context managers, polling.

use crate::{
    Function,
    Type::Ptr,
    function::{object, status, void},
};

pub(super) const ROWS: &[Function] = &[
    // GET_ITER.
    object("PyObject_GetIter", &[("iterable", Ptr)]).observing(),
    // FOR_ITER: the item, or just the bit FINISHED at the end.
    object("sw_for_iter", &[("ts", Ptr), ("iterator", Ptr)])
        .tagged()
        .observing(),
    // The same, where no Python code runs until the next call or the next exit.
    object("sw_for_iter_holding", &[("ts", Ptr), ("iterator", Ptr)])
        .tagged()
        .observing(),
    // Adds what kind of value an instruction met, and where it was from, to the byte for that instruction.
    void("sw_note", &[("value", Ptr), ("source", Ptr), ("seen", Ptr)]),
    // Looks at what is pending, once the eval breaker differs from the instrumentation version of the code: 0 to go on,
    // 1 to leave for the interpreter because somebody watches.
    status("sw_poll", &[("ts", Ptr), ("frame", Ptr)]).observing(),
    // RAISE_VARARGS; null for what is not given. It adds the traceback entry itself: a bare `raise` adds none to the
    // handled exception.
    void(
        "sw_raise",
        &[
            ("ts", Ptr),
            ("frame", Ptr),
            ("exception", Ptr),
            ("cause", Ptr),
        ],
    )
    .failing()
    .without_traceback()
    .observing(),
    // RERAISE. `lasti` is an int object or null.
    void(
        "sw_reraise",
        &[("frame", Ptr), ("exception", Ptr), ("lasti", Ptr)],
    )
    .stealing(&["exception"])
    .failing()
    .without_traceback(),
    // Takes the pending exception.
    object("PyErr_GetRaisedException", &[]).infallible(),
    object("sw_push_exc_info", &[("ts", Ptr), ("exception", Ptr)]).infallible(),
    void("sw_pop_except", &[("ts", Ptr), ("previous", Ptr)])
        .stealing(&["previous"])
        .observing(),
    // 0 or 1.
    status(
        "sw_check_exc_match",
        &[("ts", Ptr), ("exception", Ptr), ("match_type", Ptr)],
    )
    .observing(),
    // Yields the rest, and writes the part that matches (or None) to `out_match`.
    object(
        "sw_check_eg_match",
        &[
            ("ts", Ptr),
            ("exception", Ptr),
            ("match_type", Ptr),
            ("out_match", Ptr),
        ],
    )
    .observing(),
    // Yields the bound `__exit__`, and writes the result of `__enter__` to `out_value`.
    object("sw_before_with", &[("manager", Ptr), ("out_value", Ptr)]).observing(),
    object(
        "sw_before_async_with",
        &[("manager", Ptr), ("out_value", Ptr)],
    )
    .observing(),
    object("sw_with_except_start", &[("exit", Ptr), ("exception", Ptr)]).observing(),
];

//! Generators, coroutines, asynchronous iteration.

use crate::{
    Function,
    Type::{I32, Ptr},
    function::{object, status, void},
};

pub(super) const ROWS: &[Function] = &[
    // Whether a generator has not begun, has at most so many references and runs this code.
    status(
        "sw_adopt",
        &[
            ("ts", Ptr),
            ("generator", Ptr),
            ("code", Ptr),
            ("references", I32),
        ],
    )
    .infallible(),
    // Writes what is parked of inlined generators into their frames.
    void("sw_unpark", &[("words", Ptr)]),
    object(
        "sw_get_yield_from_iter",
        &[("frame", Ptr), ("iterable", Ptr)],
    )
    .observing(),
    // SEND: what the receiver yielded, or its result with the bit FINISHED.
    object("sw_send", &[("ts", Ptr), ("receiver", Ptr), ("value", Ptr)])
        .tagged()
        .observing(),
    object(
        "sw_get_awaitable",
        &[("ts", Ptr), ("iterable", Ptr), ("kind", I32)],
    )
    .observing(),
    object("sw_get_aiter", &[("iterable", Ptr)]).observing(),
    object("sw_get_anext", &[("iterator", Ptr)]).observing(),
    // Succeeds for StopAsyncIteration, raises anything else again.
    status("sw_end_async_for", &[("exception", Ptr)])
        .without_traceback()
        .observing(),
    // The value of a StopIteration; raises anything else again.
    object("sw_cleanup_throw", &[("exception", Ptr)])
        .without_traceback()
        .observing(),
];

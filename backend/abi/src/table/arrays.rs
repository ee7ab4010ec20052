//! Arrays, and the scalars of NumPy.

use crate::{
    Function,
    Type::{F64, I32, I64, Ptr},
    function::{object, status},
};

const KEEP: &[(&str, crate::Type)] = &[
    ("buffer", I64),
    ("count", I64),
    ("size", I64),
    ("address", I64),
    ("stride", I64),
];

pub(super) const ROWS: &[Function] = &[
    // Whether an object is an array of the type with the number `array` (1 or 0); writes the address, the shape and the
    // strides to `out`.
    status(
        "sw_describe",
        &[("object", Ptr), ("array", I64), ("out", Ptr)],
    )
    .infallible(),
    // Whether an object is a scalar of NumPy with that element (1 or 0); writes a float or an integer of 64 bits to `out`.
    status(
        "sw_read_scalar",
        &[("object", Ptr), ("element", I32), ("out", Ptr)],
    )
    .infallible(),
    // Copies `count` elements of `size` bytes, at most `KEPT`, from or to an array whose neighbours are `stride` bytes apart.
    status("sw_keep", KEEP).infallible(),
    status("sw_restore", KEEP).infallible(),
    // A scalar of NumPy when `scalar` is not zero, else a Python number; null when `bound` is zero.
    object(
        "sw_box_numpy_float",
        &[
            ("value", F64),
            ("element", I32),
            ("bound", I32),
            ("scalar", I32),
        ],
    ),
    object(
        "sw_box_numpy_integer",
        &[
            ("value", I64),
            ("element", I32),
            ("bound", I32),
            ("scalar", I32),
        ],
    ),
];

//! Calls, functions, closures.

use crate::{
    Function,
    Type::{I32, I64, Ptr},
    function::{object, status, void},
};

pub(super) const ROWS: &[Function] = &[
    // CALL and CALL_KW. `array` is [scratch, self or null, arguments...], `nargs` counts the arguments behind self,
    // keyword ones included; `kwnames` is a tuple or null.
    object(
        "sw_call",
        &[
            ("callable", Ptr),
            ("array", Ptr),
            ("nargs", I64),
            ("kwnames", Ptr),
        ],
    )
    .observing(),
    // CALL_FUNCTION_EX. `keywords` is a dict or null.
    object(
        "sw_call_ex",
        &[
            ("ts", Ptr),
            ("callable", Ptr),
            ("positional", Ptr),
            ("keywords", Ptr),
        ],
    )
    .observing(),
    object(
        "sw_call_intrinsic_1",
        &[("ts", Ptr), ("kind", I32), ("value", Ptr)],
    )
    .observing(),
    object(
        "sw_call_intrinsic_2",
        &[("ts", Ptr), ("kind", I32), ("lhs", Ptr), ("rhs", Ptr)],
    )
    .observing(),
    object("sw_make_function", &[("frame", Ptr), ("code", Ptr)]),
    void(
        "sw_set_function_attribute",
        &[("flag", I32), ("function", Ptr), ("value", Ptr)],
    )
    .stealing(&["value"]),
    // MAKE_CELL. `initial` may be null.
    object("PyCell_New", &[("initial", Ptr)]),
    // One cell of the running function's closure.
    object("sw_load_closure", &[("frame", Ptr), ("index", I32)])
        .borrowed()
        .infallible(),
    // `index` is the slot of the cell in localsplus, for the message.
    object(
        "sw_load_deref",
        &[("ts", Ptr), ("frame", Ptr), ("cell", Ptr), ("index", I32)],
    ),
    object(
        "sw_load_from_dict_or_deref",
        &[
            ("ts", Ptr),
            ("frame", Ptr),
            ("dict", Ptr),
            ("cell", Ptr),
            ("index", I32),
        ],
    )
    .observing(),
    void("sw_store_deref", &[("cell", Ptr), ("value", Ptr)])
        .stealing(&["value"])
        .observing(),
    status(
        "sw_delete_deref",
        &[("ts", Ptr), ("frame", Ptr), ("cell", Ptr), ("index", I32)],
    )
    .observing(),
];

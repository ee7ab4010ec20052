//! Containers, subscripts, slices, strings, matching.

use crate::{
    Function,
    Type::{F64, I32, I64, Ptr},
    function::{object, status},
};

const ARRAY: &[(&str, crate::Type)] = &[("items", Ptr), ("count", I64)];

pub(super) const ROWS: &[Function] = &[
    object("sw_build_list", ARRAY),
    object("sw_build_tuple", ARRAY),
    object("sw_build_set", ARRAY).observing(),
    // Keys and values alternate; `count` is that of the pairs.
    object("sw_build_map", ARRAY).observing(),
    object(
        "sw_build_const_key_map",
        &[("keys", Ptr), ("items", Ptr), ("count", I64)],
    )
    .observing(),
    object("sw_build_string", ARRAY),
    // `step` may be null.
    object(
        "PySlice_New",
        &[("start", Ptr), ("stop", Ptr), ("step", Ptr)],
    ),
    // LIST_APPEND.
    status("sw_list_append", &[("list", Ptr), ("value", Ptr)]),
    status("sw_list_extend", &[("list", Ptr), ("iterable", Ptr)]).observing(),
    // SET_ADD.
    status("PySet_Add", &[("set", Ptr), ("value", Ptr)]).observing(),
    // SET_UPDATE.
    status("_PySet_Update", &[("set", Ptr), ("iterable", Ptr)]).observing(),
    // MAP_ADD.
    status(
        "PyDict_SetItem",
        &[("dict", Ptr), ("key", Ptr), ("value", Ptr)],
    )
    .observing(),
    status("sw_dict_update", &[("dict", Ptr), ("mapping", Ptr)]).observing(),
    status(
        "sw_dict_merge",
        &[
            ("ts", Ptr),
            ("dict", Ptr),
            ("mapping", Ptr),
            ("callable", Ptr),
        ],
    )
    .observing(),
    // BINARY_SUBSCR.
    object("sw_load_subscr", &[("container", Ptr), ("key", Ptr)]).observing(),
    // STORE_SUBSCR.
    status(
        "sw_store_subscr",
        &[("container", Ptr), ("key", Ptr), ("value", Ptr)],
    )
    .observing(),
    // DELETE_SUBSCR.
    status("PyObject_DelItem", &[("container", Ptr), ("key", Ptr)]).observing(),
    object(
        "sw_load_slice",
        &[("container", Ptr), ("start", Ptr), ("stop", Ptr)],
    )
    .observing(),
    status(
        "sw_store_slice",
        &[
            ("container", Ptr),
            ("start", Ptr),
            ("stop", Ptr),
            ("value", Ptr),
        ],
    )
    .observing(),
    // Subscripts with a native index, of anything.
    object("sw_load_index", &[("container", Ptr), ("index", I64)]).observing(),
    status(
        "sw_store_index",
        &[("container", Ptr), ("index", I64), ("value", Ptr)],
    )
    .observing(),
    // A number for the item at a place of a list: 1, or 0 where that could run Python code, and nothing has changed.
    status("sw_write_float", &[("place", Ptr), ("value", F64)]).infallible(),
    status("sw_write_int", &[("place", Ptr), ("value", I64)]).infallible(),
    status("sw_write_object", &[("place", Ptr), ("object", Ptr)]).infallible(),
    // Ends an iterator over a list or tuple that is behind the last item: 1, or 0 where that could run Python code, and
    // nothing has changed.
    status("sw_end_items", &[("iterator", Ptr)]).infallible(),
    // Writes `count` items to `out`, first item first; nothing when it fails.
    status(
        "sw_unpack_sequence",
        &[("ts", Ptr), ("sequence", Ptr), ("count", I32), ("out", Ptr)],
    )
    .observing(),
    // Writes `before` items, a list, and `after` items.
    status(
        "sw_unpack_ex",
        &[
            ("ts", Ptr),
            ("sequence", Ptr),
            ("before", I32),
            ("after", I32),
            ("out", Ptr),
        ],
    )
    .observing(),
    // CONVERT_VALUE, by its kind.
    object("PyObject_Str", &[("value", Ptr)]).observing(),
    object("PyObject_Repr", &[("value", Ptr)]).observing(),
    object("PyObject_ASCII", &[("value", Ptr)]).observing(),
    object("sw_format_simple", &[("value", Ptr)]).observing(),
    // FORMAT_WITH_SPEC.
    object("PyObject_Format", &[("value", Ptr), ("spec", Ptr)]).observing(),
    // 0 or 1.
    status("sw_match_mapping", &[("subject", Ptr)]).infallible(),
    status("sw_match_sequence", &[("subject", Ptr)]).infallible(),
    object(
        "sw_match_class",
        &[
            ("ts", Ptr),
            ("subject", Ptr),
            ("class", Ptr),
            ("names", Ptr),
            ("positional", I64),
        ],
    )
    .observing(),
    // MATCH_KEYS.
    object(
        "_PyEval_MatchKeys",
        &[("ts", Ptr), ("subject", Ptr), ("keys", Ptr)],
    )
    .observing(),
];

//! Globals, builtins, names, attributes, imports.

use crate::{
    ATTRIBUTE_CACHE_WORDS, Function, GLOBAL_CACHE_WORDS,
    Type::{I32, Ptr},
    function::{object, pointer, status, void},
};

pub(super) const ROWS: &[Function] = &[
    object(
        "sw_load_global",
        &[("ts", Ptr), ("frame", Ptr), ("name", Ptr)],
    )
    .observing(),
    object(
        "sw_load_global_cached",
        &[("ts", Ptr), ("frame", Ptr), ("name", Ptr), ("cache", Ptr)],
    )
    .caching(GLOBAL_CACHE_WORDS)
    .observing(),
    status(
        "sw_store_global",
        &[("frame", Ptr), ("name", Ptr), ("value", Ptr)],
    )
    .observing(),
    status(
        "sw_delete_global",
        &[("ts", Ptr), ("frame", Ptr), ("name", Ptr)],
    )
    .observing(),
    object(
        "sw_load_name",
        &[("ts", Ptr), ("frame", Ptr), ("name", Ptr)],
    )
    .observing(),
    status(
        "sw_store_name",
        &[("frame", Ptr), ("name", Ptr), ("value", Ptr)],
    )
    .observing(),
    status(
        "sw_delete_name",
        &[("ts", Ptr), ("frame", Ptr), ("name", Ptr)],
    )
    .observing(),
    object("sw_load_locals", &[("frame", Ptr)]),
    object("sw_load_build_class", &[("frame", Ptr)]).observing(),
    object(
        "sw_load_from_dict_or_globals",
        &[("ts", Ptr), ("frame", Ptr), ("dict", Ptr), ("name", Ptr)],
    )
    .observing(),
    status("sw_setup_annotations", &[("frame", Ptr)]).observing(),
    // LOAD_ATTR.
    object(
        "sw_load_attr",
        &[("object", Ptr), ("name", Ptr), ("cache", Ptr)],
    )
    .caching(ATTRIBUTE_CACHE_WORDS)
    .observing(),
    // LOAD_ATTR in its method form. Writes the object (a new reference) or null to `out_self`.
    object(
        "sw_load_method",
        &[
            ("object", Ptr),
            ("name", Ptr),
            ("cache", Ptr),
            ("out_self", Ptr),
        ],
    )
    .caching(ATTRIBUTE_CACHE_WORDS)
    .observing(),
    // STORE_ATTR.
    status(
        "sw_store_attr",
        &[
            ("object", Ptr),
            ("name", Ptr),
            ("value", Ptr),
            ("cache", Ptr),
        ],
    )
    .caching(ATTRIBUTE_CACHE_WORDS)
    .observing(),
    // The value of an attribute, borrowed, found without running Python code; null where there is none.
    pointer(
        "sw_peek_attr",
        &[("object", Ptr), ("name", Ptr), ("cache", Ptr)],
    )
    .caching(ATTRIBUTE_CACHE_WORDS),
    // Stores an attribute in the object without running Python code: 1, or 0 where that is not possible.
    status(
        "sw_poke_attr",
        &[
            ("object", Ptr),
            ("name", Ptr),
            ("value", Ptr),
            ("cache", Ptr),
        ],
    )
    .caching(ATTRIBUTE_CACHE_WORDS)
    .infallible(),
    // The place of the value of an attribute in the object, where that may be replaced; null where it is not that simple.
    pointer(
        "sw_attr_place",
        &[("object", Ptr), ("name", Ptr), ("cache", Ptr)],
    )
    .caching(ATTRIBUTE_CACHE_WORDS),
    status("sw_delete_attr", &[("object", Ptr), ("name", Ptr)]).observing(),
    // LOAD_SUPER_ATTR. `arguments` is 2 when `super` was called with two arguments, else 0.
    object(
        "sw_load_super_attr",
        &[
            ("super", Ptr),
            ("class", Ptr),
            ("self", Ptr),
            ("name", Ptr),
            ("arguments", I32),
        ],
    )
    .observing(),
    object(
        "sw_load_super_method",
        &[
            ("super", Ptr),
            ("class", Ptr),
            ("self", Ptr),
            ("name", Ptr),
            ("arguments", I32),
            ("out_self", Ptr),
        ],
    )
    .observing(),
    object(
        "sw_import_name",
        &[
            ("frame", Ptr),
            ("name", Ptr),
            ("from_list", Ptr),
            ("level", Ptr),
        ],
    )
    .observing(),
    object("sw_import_from", &[("module", Ptr), ("name", Ptr)]).observing(),
    // Raises the error of an unbound local, cell or free variable in a slot of localsplus.
    void(
        "sw_raise_unbound",
        &[("ts", Ptr), ("frame", Ptr), ("index", I32)],
    )
    .failing(),
];

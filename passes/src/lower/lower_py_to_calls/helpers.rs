//! Small functions that are added to a module: reference counts and boxes, written as MLIR.
//!
//! They are functions to keep `calls` readable; the optimiser inlines them where that pays (see `inlining`). Numbers of CPython's layout stand in braces
//! and are filled in from `stepwell_abi::layout`.

use stepwell_abi::{CACHED_METHOD, CACHED_PLACE, layout};

/// A function in MLIR, and what it refers to.
pub struct Helper {
    name: &'static str,
    source: &'static str,
    /// Runtime functions it calls.
    pub functions: &'static [&'static str],
    /// Variables of the interpreter it refers to.
    pub data: &'static [&'static str],
    /// Other helpers it calls.
    pub helpers: &'static [&'static str],
}

impl Helper {
    /// How much code it is, in lines, with that of the helpers it calls.
    pub fn size(&self) -> usize {
        let called = self.helpers.iter().filter_map(|name| find(name));
        self.source.lines().count() + called.map(Self::size).sum::<usize>()
    }

    /// The function as it is added to a module.
    pub fn text(&self) -> String {
        let numbers = [
            ("{OB_TYPE}", layout::OB_TYPE),
            ("{OB_SIZE}", layout::OB_SIZE),
            ("{LIST_ITEMS}", layout::LIST_ITEMS),
            ("{LIST_ITERATOR_LIST}", layout::LIST_ITERATOR_LIST),
            ("{LIST_ITERATOR_INDEX}", layout::LIST_ITERATOR_INDEX),
            ("{FLOAT_VALUE}", layout::FLOAT_VALUE),
            ("{COMPLEX_REAL}", layout::COMPLEX_REAL),
            ("{COMPLEX_IMAG}", layout::COMPLEX_REAL + size_of::<f64>()),
            ("{LONG_TAG}", layout::LONG_TAG),
            ("{LONG_DIGITS}", layout::LONG_DIGITS),
            ("{FRAME_GLOBALS}", layout::FRAME_GLOBALS),
            ("{FRAME_BUILTINS}", layout::FRAME_BUILTINS),
            ("{DICT_VERSION}", layout::DICT_VERSION),
            ("{TYPE_VERSION}", layout::TYPE_VERSION),
            ("{TYPE_KEYS}", layout::TYPE_KEYS),
            ("{KEYS_ENTRIES}", layout::KEYS_ENTRIES),
            ("{VALUES_VALID}", layout::VALUES_VALID),
            ("{MANAGED_DICT}", layout::MANAGED_DICT),
            ("{CACHE_PLACE}", layout::CACHE_PLACE),
            ("{CACHE_GUARD}", layout::CACHE_GUARD),
            ("{CACHE_VALUE}", layout::CACHE_VALUE),
            ("{PLACE_OF_VERSION}", (CACHED_PLACE as usize) << 32),
            ("{METHOD_OF_VERSION}", (CACHED_METHOD as usize) << 32),
        ];
        numbers
            .iter()
            .fold(self.source.to_owned(), |text, (name, value)| {
                text.replace(name, &value.to_string())
            })
    }
}

/// The helper of that name.
pub fn find(name: &str) -> Option<&'static Helper> {
    HELPERS.iter().find(|helper| helper.name == name)
}

macro_rules! source {
    ($name:literal) => {
        include_str!(concat!("helpers/", $name, ".mlir"))
    };
}

static HELPERS: &[Helper] = &[
    Helper {
        name: "incref",
        source: source!("incref"),
        functions: &[],
        data: &[],
        helpers: &[],
    },
    Helper {
        name: "xincref",
        source: source!("xincref"),
        functions: &[],
        data: &[],
        helpers: &["incref"],
    },
    Helper {
        name: "decref",
        source: source!("decref"),
        functions: &["sw_free"],
        data: &[],
        helpers: &[],
    },
    Helper {
        name: "xdecref",
        source: source!("xdecref"),
        functions: &[],
        data: &[],
        helpers: &["decref"],
    },
    Helper {
        name: "store_local",
        source: source!("store_local"),
        functions: &[],
        data: &[],
        helpers: &["xdecref"],
    },
    Helper {
        name: "for_iter",
        source: source!("for_iter"),
        functions: &["sw_for_iter"],
        data: &["PyListIter_Type"],
        helpers: &["incref"],
    },
    Helper {
        name: "load_attr",
        source: source!("load_attr"),
        functions: &["sw_load_attr"],
        data: &[],
        helpers: &["incref"],
    },
    Helper {
        name: "load_global",
        source: source!("load_global"),
        functions: &["sw_load_global_cached"],
        data: &[],
        helpers: &["incref"],
    },
    Helper {
        name: "load_method",
        source: source!("load_method"),
        functions: &["sw_load_method"],
        data: &[],
        helpers: &["incref"],
    },
    Helper {
        name: "store_attr",
        source: source!("store_attr"),
        functions: &["sw_store_attr"],
        data: &[],
        helpers: &["incref", "decref"],
    },
    Helper {
        name: "truth",
        source: source!("truth"),
        functions: &["sw_truth"],
        data: &["_Py_TrueStruct", "_Py_FalseStruct"],
        helpers: &[],
    },
    Helper {
        name: "load_index",
        source: source!("load_index"),
        functions: &["sw_load_index"],
        data: &["PyList_Type"],
        helpers: &["incref"],
    },
    Helper {
        name: "store_index",
        source: source!("store_index"),
        functions: &["sw_store_index"],
        data: &["PyList_Type"],
        helpers: &["incref", "decref"],
    },
    Helper {
        name: "unbox_int",
        source: source!("unbox_int"),
        functions: &["sw_unbox_int"],
        data: &["PyLong_Type"],
        helpers: &[],
    },
    Helper {
        name: "unbox_float",
        source: source!("unbox_float"),
        functions: &[],
        data: &["PyFloat_Type"],
        helpers: &[],
    },
    Helper {
        name: "unbox_complex",
        source: source!("unbox_complex"),
        functions: &[],
        data: &["PyComplex_Type"],
        helpers: &[],
    },
];

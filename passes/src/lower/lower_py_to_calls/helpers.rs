//! Small functions that are added to a module: reference counts and boxes, written as MLIR.
//!
//! They are functions to keep `calls` readable; the optimiser inlines them. Numbers of CPython's layout stand in braces
//! and are filled in from `stepwell_abi::layout`.

use stepwell_abi::layout;

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
    /// The function as it is added to a module.
    pub fn text(&self) -> String {
        let numbers = [
            ("{OB_TYPE}", layout::OB_TYPE),
            ("{OB_SIZE}", layout::OB_SIZE),
            ("{LIST_ITEMS}", layout::LIST_ITEMS),
            ("{FLOAT_VALUE}", layout::FLOAT_VALUE),
            ("{COMPLEX_REAL}", layout::COMPLEX_REAL),
            ("{COMPLEX_IMAG}", layout::COMPLEX_REAL + size_of::<f64>()),
            ("{LONG_TAG}", layout::LONG_TAG),
            ("{LONG_DIGITS}", layout::LONG_DIGITS),
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

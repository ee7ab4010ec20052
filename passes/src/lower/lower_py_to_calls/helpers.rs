//! Small functions that are added to a module: reference counts, boxes, and what is quick for the usual types, written
//! as MLIR.
//!
//! They are functions to keep `calls` readable; the optimiser inlines them. Numbers of CPython's layout stand in braces
//! and are filled in from `stepwell_abi::layout`, and so is what tells the operators of one family apart.

use stepwell_abi::layout;

/// A function in MLIR, and what it refers to.
pub struct Helper {
    name: &'static str,
    source: &'static str,
    /// What stands for the words in braces, beside the layout.
    words: &'static [(&'static str, &'static str)],
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
        let words = self
            .words
            .iter()
            .map(|(name, word)| (*name, (*word).to_owned()));
        let numbers = [
            ("{OB_TYPE}", layout::OB_TYPE),
            ("{OB_SIZE}", layout::OB_SIZE),
            ("{LIST_ITEMS}", layout::LIST_ITEMS),
            ("{TUPLE_ITEMS}", layout::TUPLE_ITEMS),
            ("{FLOAT_VALUE}", layout::FLOAT_VALUE),
            ("{COMPLEX_REAL}", layout::COMPLEX_REAL),
            ("{COMPLEX_IMAG}", layout::COMPLEX_REAL + size_of::<f64>()),
            ("{LONG_TAG}", layout::LONG_TAG),
            ("{LONG_DIGITS}", layout::LONG_DIGITS),
        ];
        let numbers = numbers
            .iter()
            .map(|(name, value)| (*name, value.to_string()));
        let text = words
            .chain(numbers)
            .fold(self.source.to_owned(), |text, (name, value)| {
                text.replace(name, &value)
            });
        text.replace("{NAME}", self.name)
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

/// The helper for an operator of BINARY_OP that has one.
pub fn binary(kind: i64) -> Option<&'static str> {
    let names = [
        "add",
        "multiply",
        "subtract",
        "inplace_add",
        "inplace_multiply",
        "inplace_subtract",
    ];
    let kinds = [0, 5, 10, 13, 18, 23];
    kinds
        .iter()
        .position(|other| *other == kind)
        .map(|place| names[place])
}

/// The helper for a comparison.
pub fn comparison(kind: i64) -> Option<&'static str> {
    let names = [
        "less",
        "less_equal",
        "equal",
        "not_equal",
        "greater",
        "greater_equal",
    ];
    names.get(usize::try_from(kind).ok()?).copied()
}

/// A helper that refers to nothing, to be completed.
const fn helper(name: &'static str, source: &'static str) -> Helper {
    Helper {
        name,
        source,
        words: &[],
        functions: &[],
        data: &[],
        helpers: &[],
    }
}

/// An operator: `operation` on machine values, and the function of all others.
macro_rules! arithmetic {
    ($name:literal, $int:literal, $float:literal, $slow:literal) => {
        Helper {
            words: &[("{INT}", $int), ("{FLOAT}", $float), ("{SLOW}", $slow)],
            functions: &["PyFloat_FromDouble", "PyLong_FromLongLong", $slow],
            data: &["PyFloat_Type", "PyLong_Type"],
            helpers: &["compact"],
            ..helper($name, source!("arithmetic"))
        }
    };
}

/// A comparison, by its number and MLIR's predicates.
macro_rules! comparison {
    ($name:literal, $kind:literal, $int:literal, $float:literal) => {
        Helper {
            words: &[("{INT}", $int), ("{FLOAT}", $float), ("{KIND}", $kind)],
            functions: &["PyObject_RichCompare"],
            data: &[
                "PyFloat_Type",
                "PyLong_Type",
                "_Py_TrueStruct",
                "_Py_FalseStruct",
            ],
            helpers: &["compact"],
            ..helper($name, source!("compare"))
        }
    };
}

static HELPERS: &[Helper] = &[
    helper("incref", source!("incref")),
    Helper {
        helpers: &["incref"],
        ..helper("xincref", source!("xincref"))
    },
    Helper {
        functions: &["_Py_Dealloc"],
        ..helper("decref", source!("decref"))
    },
    Helper {
        helpers: &["decref"],
        ..helper("xdecref", source!("xdecref"))
    },
    Helper {
        functions: &["sw_unbox_int"],
        data: &["PyLong_Type"],
        ..helper("unbox_int", source!("unbox_int"))
    },
    Helper {
        data: &["PyFloat_Type"],
        ..helper("unbox_float", source!("unbox_float"))
    },
    Helper {
        data: &["PyComplex_Type"],
        ..helper("unbox_complex", source!("unbox_complex"))
    },
    Helper {
        functions: &["PyObject_IsTrue"],
        data: &["_Py_TrueStruct", "_Py_FalseStruct"],
        ..helper("truth", source!("truth"))
    },
    helper("compact", source!("compact")),
    Helper {
        data: &["PyLong_Type", "PyList_Type", "PyTuple_Type"],
        helpers: &["compact"],
        ..helper("item_at", source!("item_at"))
    },
    Helper {
        functions: &["sw_load_subscr"],
        helpers: &["item_at", "incref"],
        ..helper("load_item", source!("load_item"))
    },
    Helper {
        functions: &["sw_store_subscr"],
        data: &["PyList_Type"],
        helpers: &["item_at", "incref", "decref"],
        ..helper("store_item", source!("store_item"))
    },
    arithmetic!("add", "arith.addi", "arith.addf", "PyNumber_Add"),
    arithmetic!("multiply", "arith.muli", "arith.mulf", "PyNumber_Multiply"),
    arithmetic!("subtract", "arith.subi", "arith.subf", "PyNumber_Subtract"),
    arithmetic!(
        "inplace_add",
        "arith.addi",
        "arith.addf",
        "PyNumber_InPlaceAdd"
    ),
    arithmetic!(
        "inplace_multiply",
        "arith.muli",
        "arith.mulf",
        "PyNumber_InPlaceMultiply"
    ),
    arithmetic!(
        "inplace_subtract",
        "arith.subi",
        "arith.subf",
        "PyNumber_InPlaceSubtract"
    ),
    comparison!("less", "0", "slt", "olt"),
    comparison!("less_equal", "1", "sle", "ole"),
    comparison!("equal", "2", "eq", "oeq"),
    comparison!("not_equal", "3", "ne", "une"),
    comparison!("greater", "4", "sgt", "ogt"),
    comparison!("greater_equal", "5", "sge", "oge"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_in_braces() {
        for helper in HELPERS {
            let text = helper.text();
            let word = text
                .split('{')
                .skip(1)
                .find(|rest| rest.starts_with(char::is_uppercase));
            assert_eq!(word, None, "{}", helper.name);
            assert!(text.contains(&format!("@{}(", helper.name)));
        }
    }

    #[test]
    fn what_a_helper_refers_to_exists() {
        for helper in HELPERS {
            assert!(
                helper.helpers.iter().all(|name| find(name).is_some()),
                "{}",
                helper.name
            );
            assert!(
                helper
                    .functions
                    .iter()
                    .all(|name| stepwell_abi::function(name).is_some()),
                "{}",
                helper.name
            );
            assert!(
                helper
                    .data
                    .iter()
                    .all(|name| stepwell_abi::data().contains(name)),
                "{}",
                helper.name
            );
        }
    }
}

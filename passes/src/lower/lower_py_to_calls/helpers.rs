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
            ("{TUPLE_ITEMS}", layout::TUPLE_ITEMS),
            ("{SMALL_INTS}", layout::SMALL_INTS),
            ("{SMALL_INT}", layout::SMALL_INT),
            ("{DIGIT_END}", 1 << layout::LONG_SHIFT),
            ("{LIST_ITERATOR_LIST}", layout::LIST_ITERATOR_LIST),
            ("{LIST_ITERATOR_INDEX}", layout::LIST_ITERATOR_INDEX),
            ("{FLOAT_VALUE}", layout::FLOAT_VALUE),
            ("{COMPLEX_REAL}", layout::COMPLEX_REAL),
            ("{COMPLEX_IMAG}", layout::COMPLEX_REAL + size_of::<f64>()),
            ("{LONG_TAG}", layout::LONG_TAG),
            ("{LONG_DIGITS}", layout::LONG_DIGITS),
            ("{FRAME_GLOBALS}", layout::FRAME_GLOBALS),
            ("{FRAME_BUILTINS}", layout::FRAME_BUILTINS),
            ("{FRAME_FUNCTION}", layout::FRAME_FUNCTION),
            ("{FUNCTION_CLOSURE}", layout::FUNCTION_CLOSURE),
            ("{CELL_CONTENTS}", layout::CELL_CONTENTS),
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
        let text = numbers
            .iter()
            .fold(self.source.to_owned(), |text, (name, value)| {
                text.replace(name, &value.to_string())
            });
        FIELDS.iter().fold(text, |text, field| {
            text.replace(
                &format!("{{OF_{field}}}"),
                &format!("{{tbaa = [{}]}}", tag(field)),
            )
        })
    }
}

/// What the optimiser takes for apart from each other: where an object of one type is, none of another type is, until
/// something is called that could free it. (The optimiser may assume that of each access that says what it accesses; one
/// that does not can be of anything.)
const FIELDS: [&str; 10] = [
    "COUNT", "TYPE", "VERSION", "CACHE", "DICT", "LIST", "ITERATOR", "ITEM", "FLOAT", "INT",
];

/// The tag of an access to a field, for the analysis of aliases by types.
fn tag(field: &str) -> String {
    let root = r#"#llvm.tbaa_root<id = "CPython">"#;
    let field = format!(r#"#llvm.tbaa_type_desc<id = "{field}", members = {{<{root}, 0>}}>"#);
    format!("#llvm.tbaa_tag<base_type = {field}, access_type = {field}, offset = 0>")
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
        name: "spill_float",
        source: source!("spill_float"),
        functions: &["sw_box_float"],
        data: &["PyFloat_Type"],
        helpers: &["store_local"],
    },
    Helper {
        name: "spill_int",
        source: source!("spill_int"),
        functions: &[],
        data: &["PyLong_Type"],
        helpers: &["box_int", "store_local"],
    },
    Helper {
        name: "store_local",
        source: source!("store_local"),
        functions: &[],
        data: &[],
        helpers: &["xdecref"],
    },
    Helper {
        name: "box_int",
        source: source!("box_int"),
        functions: &["sw_box_int"],
        data: &["_PyRuntime"],
        helpers: &[],
    },
    Helper {
        name: "load_closure",
        source: source!("load_closure"),
        functions: &[],
        data: &[],
        helpers: &[],
    },
    Helper {
        name: "load_deref",
        source: source!("load_deref"),
        functions: &["sw_load_deref"],
        data: &[],
        helpers: &["incref"],
    },
    Helper {
        name: "store_deref",
        source: source!("store_deref"),
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
        name: "attr_place",
        source: source!("attr_place"),
        functions: &["sw_attr_place"],
        data: &[],
        helpers: &[],
    },
    Helper {
        name: "peek_attr",
        source: source!("peek_attr"),
        functions: &["sw_peek_attr"],
        data: &[],
        helpers: &[],
    },
    Helper {
        name: "compare_truth",
        source: source!("compare_truth"),
        functions: &["sw_compare_truth"],
        data: &["PyLong_Type"],
        helpers: &[],
    },
    Helper {
        name: "load_subscr",
        source: source!("load_subscr"),
        functions: &["sw_load_subscr"],
        data: &["PyList_Type", "PyLong_Type"],
        helpers: &["incref"],
    },
    Helper {
        name: "poke_attr",
        source: source!("poke_attr"),
        functions: &["sw_poke_attr"],
        data: &[],
        helpers: &["incref"],
    },
    Helper {
        name: "write_at_bool",
        source: source!("write_at_bool"),
        functions: &[],
        data: &[],
        helpers: &["write_bool"],
    },
    Helper {
        name: "write_at_float",
        source: source!("write_at_float"),
        functions: &[],
        data: &[],
        helpers: &["write_float"],
    },
    Helper {
        name: "write_at_int",
        source: source!("write_at_int"),
        functions: &[],
        data: &[],
        helpers: &["write_int"],
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
        name: "list_items",
        source: source!("list_items"),
        functions: &[],
        data: &["PyList_Type"],
        helpers: &[],
    },
    Helper {
        name: "sequence_items",
        source: source!("sequence_items"),
        functions: &[],
        data: &["PyTuple_Type"],
        helpers: &["list_items"],
    },
    Helper {
        name: "load_item",
        source: source!("load_item"),
        functions: &[],
        data: &[],
        helpers: &[],
    },
    Helper {
        name: "peek_item",
        source: source!("peek_item"),
        functions: &["sw_end_items"],
        data: &["PyListIter_Type", "PyTupleIter_Type", "_Py_NoneStruct"],
        helpers: &[],
    },
    Helper {
        name: "pass_item",
        source: source!("pass_item"),
        functions: &[],
        data: &[],
        helpers: &[],
    },
    Helper {
        name: "write_float",
        source: source!("write_float"),
        functions: &["sw_write_float"],
        data: &["PyFloat_Type"],
        helpers: &[],
    },
    Helper {
        name: "write_int",
        source: source!("write_int"),
        functions: &["sw_write_int"],
        data: &["PyLong_Type", "_PyRuntime"],
        helpers: &[],
    },
    Helper {
        name: "write_bool",
        source: source!("write_bool"),
        functions: &["sw_write_object"],
        data: &["_Py_TrueStruct", "_Py_FalseStruct"],
        helpers: &[],
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

//! Reads the layout of CPython's structures from the interpreter's own headers.
//!
//! The result, `cpython.rs`, holds the types, exported functions and exported data that compiled code and the runtime
//! touch. Dependents learn `DEP_STEPWELL_CPYTHON_LIBDIR` and `DEP_STEPWELL_CPYTHON_LIB`, what a test program needs to
//! embed the interpreter.

mod interpreter;

use bindgen::Abi;
use std::{env, path::PathBuf};

fn main() {
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-env-changed=PYO3_PYTHON");
    let python = interpreter::find().unwrap_or_else(|reason| panic!("{reason}"));
    println!("cargo::metadata=libdir={}", python.libdir);
    println!("cargo::metadata=lib={}", python.library);

    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    bindgen::Builder::default()
        .header("build/headers.h")
        .clang_arg(format!("-I{}", python.include))
        .allowlist_type(TYPES)
        .allowlist_function("_?Py.*")
        .allowlist_var("_?Py.*|_PY_EVAL_[A-Z_]*|_PY_NSMALL[A-Z]*|EXTENDED_ARG|RESUME|RESUME_CHECK|SEND|SEND_GEN|JUMP_BACKWARD_NO_INTERRUPT|FOR_ITER|RETURN_GENERATOR|RETURN_VALUE|RETURN_CONST|END_SEND|POP_TOP|COPY_FREE_VARS|MAKE_CELL|CO_[A-Z_]*|METH_[A-Z]*")
        .allowlist_var(FRAME_CHANGING)
        .blocklist_item("(?i).*(static_assert|_initial_trampoline).*")
        .override_abi(Abi::CUnwind, ".*")
        .derive_debug(false)
        .layout_tests(false)
        .generate_comments(false)
        .merge_extern_blocks(true)
        .generate()
        .expect("the interpreter's headers parse")
        .write_to_file(out.join("cpython.rs"))
        .expect("OUT_DIR is writable");
}

/// The structures that are named; what they are made of follows.
const TYPES: &str = "_PyInterpreterFrame|_frame|_ts|_is|Py[A-Z]\\w*Object|_PyErr_StackItem|_PyStackChunk|_PyCodeObjectExtra\
|_framestate|PyDictUnicodeEntry|_Py(BinaryOp|BinarySubscr|Call|LoadMethod|UnpackSequence)Cache|_Py(List|Tuple|Range)IterObject|_frameowner|intrinsic_func1_info|intrinsic_func2_info|_PyCoMonitoringData";

/// The opcodes in which `f_locals` takes writes to a frame that compiled code runs.
const FRAME_CHANGING: &str = "CALL|CALL_KW|CALL_FUNCTION_EX|BEFORE_WITH|STORE_SUBSCR|IMPORT_NAME\
|WITH_EXCEPT_START|BINARY_OP|NB_\\w+";

//! CPython's structures, exported functions and data, as bindgen reads them from the interpreter's internal headers.
//!
//! Nothing here is written by hand, so that a layout can never differ from the interpreter that was built against.
//! Functions are declarations: who calls one must be linked with the interpreter or be loaded by it.
#![allow(
    missing_docs,
    non_camel_case_types,
    non_snake_case,
    non_upper_case_globals,
    unsafe_op_in_unsafe_fn
)]
#![allow(
    dead_code,
    unnecessary_transmutes,
    improper_ctypes,
    clippy::all,
    clippy::undocumented_unsafe_blocks
)]

include!(concat!(env!("OUT_DIR"), "/cpython.rs"));

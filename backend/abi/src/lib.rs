//! The border between compiled code and the interpreter: layouts of its structures and the table of runtime functions.
//!
//! This crate is data. Passes read it to generate code, the runtime implements it, the engine links one to the other.

pub mod cpython;
pub mod layout;

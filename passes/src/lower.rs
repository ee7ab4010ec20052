//! Passes that cross a level: `lower-A-to-B`.

pub mod lower_calls_to_llvm;
pub mod lower_num_to_arith;
pub mod lower_py_to_calls;
pub mod lower_py_to_num;

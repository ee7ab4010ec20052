//! The runtime functions, each against what the interpreter makes of the same operation.

#[path = "../common/mod.rs"]
mod common;

mod calls;
mod containers;
mod control;
mod generators;
mod layout;
mod names;
mod numbers;
mod operators;

use stepwell_runtime::{
    frame::Frame,
    object::{Object, ThreadState},
};

type Ts = *mut ThreadState;
type Fr = *mut Frame;
type Unary = unsafe extern "C-unwind" fn(Object) -> Object;
type Binary = unsafe extern "C-unwind" fn(Object, Object) -> Object;
type Ternary = unsafe extern "C-unwind" fn(Object, Object, Object) -> Object;
type Array = unsafe extern "C-unwind" fn(*const Object, i64) -> Object;

//! From CPython's bytecode to the `py` dialect.
//!
//! A function arrives as a plain [`Code`]; nothing here runs or links Python. [`Program`] decodes and checks it,
//! [`Cfg`] finds its blocks, [`Depths`] the depth of its stack, [`dump_bytecode`] prints all that, and [`lift()`] makes
//! a module of it. The facts about opcodes are in one table for each version of CPython, [`bytecode::v3_13`].

pub mod bytecode;
pub mod cfg;
pub mod code;
mod dump;
mod error;
mod lift;
mod program;
mod stack;

pub use cfg::Cfg;
pub use code::{Code, CodeRef, Const, Flags, Slot, SlotKind};
pub use dump::dump_bytecode;
pub use error::{FrontendError, Part};
pub use lift::{Entry, LiftOptions, Temporary, Trace, lift, lift_traced};
pub use program::Program;
pub use stack::Depths;

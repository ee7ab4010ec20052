//! What compiled code runs on: frames, calls, exits to the interpreter, generators, and the runtime functions.
//!
//! Everything here follows the interpreter to the letter, because either of the two may continue what the other began.
//! Nothing here knows how machine code is made: [`compiler`] is where the layer above says so.

pub mod assumptions;
pub mod budget;
mod buffers;
pub mod call;
mod callee;
pub mod census;
pub mod compiler;
pub mod ended;
mod event_loop;
pub mod exit;
mod extra;
pub mod frame;
mod generator;
pub mod hidden;
mod interpreter;
mod left;
mod locals;
pub mod monitoring;
mod numpy;
pub mod object;
mod ops;
mod plain;
pub mod pool;
pub mod profile;
mod replacement;
pub mod seen;
mod select;
mod statistics;
mod stopwatch;
pub mod symbols;
pub mod tag;
mod thread;
pub mod ufuncs;
pub mod unit;
mod version;
pub mod watcher;

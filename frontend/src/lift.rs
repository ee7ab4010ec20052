//! From a code object to a module at level `py`.
//!
//! # The shape of the result
//!
//! One `func.func`. Its body follows the control-flow graph of the bytecode, with two differences: behind every op that
//! can raise under a handler there is a branch to that handler, and what cannot be reached is not there.
//!
//! ```text
//! func.func @guarded(%xs: !py.object, %i: !py.object) -> !py.object attributes {...} {
//!   ...
//!   %s1 = py.frame_state 6 locals(%xs, %i) stack(%xs, %i) : ...
//!   %0:2 = py.load_subscr %xs, %i at %s1 catch i1
//!   cf.cond_br %0#1, ^handler, ^next
//! ^next:
//!   func.return %0#0 : !py.object
//! ^handler:
//!   %e = py.fetch_exception
//! ```
//!
//! # How it is made
//!
//! Each reachable block of the bytecode is lifted once, with a symbolic `Frame`: the SSA values of all slots and of the
//! evaluation stack. Where control can come together, block arguments stand for all of them at first; [`ssa`] then
//! removes those that always get the same value.
//!
//! A handler under which the place of the failure is kept gets it as an `i64` argument, in code units.
//!
//! *Not here:* anything that needs types. Every value on the stack is an object, except an `i1` on its way from a
//! comparison or a truth test to the jump behind it.

mod builder;
mod calls;
mod constants;
mod containers;
mod control;
mod dispatch;
mod entry;
mod exceptions;
mod generators;
mod locals;
mod location;
mod names;
mod operators;
mod patterns;
mod raising;
mod simple;
mod ssa;
mod stack_ops;
mod trace;

use crate::cfg::Cfg;
use crate::code::Code;
use crate::error::FrontendError;
use crate::program::Program;
use crate::stack::Depths;
use builder::Lifter;
use melior::Context;
use melior::ir::operation::OperationLike;
use melior::ir::{BlockLike, Location, Module, Region};

pub use trace::Trace;

/// What the function's attributes say beyond what the code object tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LiftOptions {
    /// The mode (`py.mode`), such as `auto`.
    pub mode: Option<String>,
    /// The type of each parameter (`py.param_types`), as MLIR writes types: `i64`, `f64`, `!py.object`; that of an array
    /// is a string, `"ndarray<f64, 1>"`.
    pub param_types: Option<Vec<String>>,
    /// The name of the global that holds the function itself (`py.this`).
    pub this: Option<String>,
    /// Whether a call can do without a frame when nobody can see it (`py.elide`).
    pub elide: bool,
    /// Whether loops count how often they go around (`py.baseline`), to be left for better code.
    pub baseline: bool,
    /// Where the function begins, if that is in the middle of a call.
    pub entry: Option<Entry>,
    /// Further attributes of the function, by name, as MLIR writes them.
    pub attributes: Vec<(String, String)>,
}

/// A backward jump that a function begins at, with the frame of a call that is there.
///
/// Its arguments are all slots of the frame, instead of the parameters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The offset of the jump.
    pub offset: u32,
    /// For each slot whether it is unbound.
    pub unbound: Vec<bool>,
    /// What is on the evaluation stack, bottom first.
    pub stack: Vec<Temporary>,
}

/// What is on the evaluation stack where a function begins in the middle of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Temporary {
    /// Any object.
    Object,
    /// No object: what stands in front of the arguments of a call that is no method's.
    Null,
    /// An iterator of a `range`, whose place is within 64 bits.
    Range,
}

/// Lifts a code object to a module with one function, named as the code object.
///
/// The context must come from [`stepwell_dialects::ir::create_context`].
///
/// # Errors
///
/// [`FrontendError::Corrupt`] when the code object contradicts itself; [`FrontendError::Unsupported`] for code that no
/// compiler of Python makes; [`FrontendError::Bug`] when the result is not valid.
pub fn lift<'c>(
    context: &'c Context,
    code: &Code,
    options: &LiftOptions,
) -> Result<Module<'c>, FrontendError> {
    lift_with(context, code, options, None)
}

/// Lifts a code object as [`lift()`] does, and notes what each instruction becomes.
///
/// # Errors
///
/// As [`lift()`].
pub fn lift_traced<'c>(
    context: &'c Context,
    code: &Code,
    trace: &Trace,
) -> Result<Module<'c>, FrontendError> {
    lift_with(context, code, &LiftOptions::default(), Some(trace))
}

fn lift_with<'c>(
    context: &'c Context,
    code: &Code,
    options: &LiftOptions,
    trace: Option<&Trace>,
) -> Result<Module<'c>, FrontendError> {
    let program = Program::new(code)?;
    let cfg = Cfg::new(&program);
    let depths = Depths::new(&program, &cfg)?;
    let region = Region::new();
    Lifter::new(context, &program, &cfg, &depths, &region, options, trace)?.run()?;
    let function = entry::function(context, &program, options, region)?;
    let module = Module::new(Location::unknown(context));
    module.body().append_operation(function);
    verify(context, &module)?;
    Ok(module)
}

/// What MLIR's verifier has against a module is a bug of ours.
fn verify(context: &Context, module: &Module<'_>) -> Result<(), FrontendError> {
    let messages = std::rc::Rc::new(std::cell::RefCell::new(Vec::new()));
    let sink = std::rc::Rc::clone(&messages);
    let handler = context.attach_diagnostic_handler(move |diagnostic| {
        sink.borrow_mut().push(diagnostic.to_string());
        true
    });
    let valid = module.as_operation().verify();
    context.detach_diagnostic_handler(handler);
    if valid {
        return Ok(());
    }
    Err(FrontendError::bug(messages.borrow().join("\n")))
}

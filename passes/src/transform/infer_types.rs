//! `infer-types`: finds out which values are machine integers, floats, bools or complex numbers.
//!
//! ```text
//!   func.func @f(%x: !py.object) -> !py.object attributes {py.param_types = [i64], ..} {
//!     %0 = py.constant 1 = 2.5 : f64
//!     %1 = py.binary add %x, %0 at %s
//! ```
//! becomes
//! ```text
//!   func.func @f(%x: !py.object) -> !py.object
//!       attributes {py.block_types = [["i64"]], py.param_types = [i64], ..} {
//!     %0 = py.constant 1 = 2.5 : f64 {py.type = "f64"}
//!     %1 = py.binary add %x, %0 at %s {py.type = "f64"}
//! ```
//!
//! A forward dataflow over SSA, from the types of the parameters and of constants through Python's
//! rules for operators. It is optimistic: what a loop carries starts as unknown, so that a counter
//! which only ever holds integers is found to be one. `i64?` is a value that may be unbound.
//!
//! Two things make a number stay an object: `is` with something that may be a number as well, since a
//! number that is boxed twice would be two objects, and a variable that holds different types.
//!
//! A function that calls itself (`py.this`) and needs nothing but numbers gets native results from these calls. In the modes
//! without objects any other function that calls itself has such results, too, which are checked (`py.framed_calls`), and so
//! have calls of other functions of such modes (`py.results`). What such a function returns is written as `py.returned`.
//!
//! *Guesses.* Items of lists and tuples, and results of some calls, are guessed to be numbers of a kind: by what the
//! function itself puts into the sequence, by what the arguments had in them when it was compiled (`py.param_items`, such
//! as `"list f64"`) or their attributes (`py.attribute_items`, such as `"rows list f64"`), and by what is known of globals
//! (`py.results`, such as `"area f64"`). Each is checked behind its op, and left at if it is wrong. Attributes of objects and results of methods are guessed by their names (`py.attributes` and
//! `py.methods`, such as `"x f64"`), and free variables (`py.free`). `py.item` on a `py.store_subscr`, `py.store_attr` or
//! `py.store_deref` says that what is there most likely is such a number; on a `py.load_subscr` that the sequence holds
//! sequences, on a `py.call` of `len` that it is one. A function that has `py.no_guesses` has none but those about attributes.
//!
//! What an instruction of baseline code always met (`py.seen`, such as `"24:0 f64"`, an offset and the number of a result) is
//! guessed where nothing better is known: a number, a scalar of NumPy, or an array, which is looked at where it is first seen.
//!
//! In the typed modes nothing may be an object; what is one is refused here, with its line. Tuples may be there whose items
//! are known one by one.
//!
//! *Suspensions.* The locals of a generator or coroutine are in its frame as objects while it is suspended, where anybody can
//! write them; they are read again behind each `state.yield`. One that was a number then most likely still is one, and so is
//! a parameter that was one when the function was compiled: both are guesses.
//!
//! *Requires* level `py`.
//! *Ensures* `py.block_types` on each function (the arguments of each block), and
//! `py.type` on each op whose first result is not just any object. The text is that of
//! [`crate::analysis::fact::Fact`]. Nothing else changes.

mod annotate;
mod flow;
mod items;
mod named;
mod pinned;
pub(crate) mod recursion;
mod strict;
mod suspended;

use crate::{Pass, PassError, PassOutcome, analysis::cfg::Cfg};
use melior::{Context, ir::Module};
use stepwell_dialects::ir::functions;

pub use annotate::{Facts, erase_annotations};
pub(crate) use items::is_read_natively;
pub(crate) use named::guesses as makes_guesses;
pub(crate) use strict::is_strict;

/// See the module.
#[derive(Clone, Copy, Debug)]
pub struct InferTypes;

impl Pass for InferTypes {
    fn name(&self) -> &str {
        "infer-types"
    }

    fn description(&self) -> &str {
        "Find out which values are machine integers, floats, bools or complex numbers."
    }

    fn run<'c>(&self, context: &'c Context, module: &Module<'c>) -> Result<PassOutcome, PassError> {
        let mut changed = false;
        for function in functions(module) {
            let Some(cfg) = Cfg::new(function) else {
                continue;
            };
            strict::refuse_suspensions(function)?;
            named::mark_elsewhere(context, function, &cfg);
            let facts = flow::solve(context, function, &cfg);
            strict::check(function, &cfg, &facts)?;
            if strict::is_strict(function) {
                annotate::write_returned(context, function, &cfg, &facts);
            }
            annotate::write(context, function, &cfg, &facts);
            changed = true;
        }
        Ok(changed.into())
    }
}

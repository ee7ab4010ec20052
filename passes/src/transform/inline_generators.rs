//! Runs the bodies of generators inside the loops that consume them.
//!
//! A generator that is made and consumed in one function, and that nobody else can see, needs no frame of its own while
//! it computes on machine values: its body becomes part of the loop, an item a value that is passed on.
//!
//! ```mlir
//! // before: numbers() is `i = 0; while i < n: yield i; i += 1`
//!   %g = py.call %numbers, %null(%n) at %s1
//!   %it = py.get_iter %g at %s2
//!   cf.br ^head(%zero)
//! ^head(%total):
//!   %s3 = py.frame_state 40 locals(%n, %total) stack(%it)
//!   %v, %end = py.for_iter %it at %s3
//!   cf.cond_br %end, ^exit, ^body
//! // after
//!   %g = py.call %numbers, %null(%n) at %s1
//!   %ok = state.adopt 0 %g, "numbers", 1
//!   num.guard %ok at %s2
//!   cf.br ^start(%zero)            // begins the generator's body; the loop comes back to ^resume
//! ^yield:
//!   %p = py.frame_state 24 locals() stack(%n, %i)
//!   state.park 0 %g at %p
//!   cf.br ^body
//! ```
//!
//! The generator object is real, and fresh as far as anybody can tell. Every state inside the body is that of the
//! FOR_ITER: whoever leaves there writes what was parked at the last `yield` into the generator's frame, and the
//! interpreter computes the item again. That is why nothing in the body may have an effect (`check-inlined`), and why an
//! exception there is discarded and left to the interpreter to raise, with its frames.
//!
//! A loop in the inlined body that consumes a generator made by the same function is inlined as well, and parked
//! together with the outer one.
//!
//! *Requires*: functions with `py.callee`, the steps of generators that the globals of that name make. *Ensures*: no
//! function with `py.callee` is left. *Not here*: whether the inlined bodies are free of effects (`check-inlined`).

pub(super) mod body;
mod graph;
mod locals;
mod shape;

pub(super) use shape::is_machine_number;

use crate::{
    Pass, PassError, PassOutcome,
    cfg::erase,
    collections::IndexMap,
    function::{Function, for_each_function},
    inspect::str_attribute,
};
use melior::{
    Context,
    ir::{Module, OperationRef, operation::OperationLike},
};
use stepwell_dialects::ir::functions;

/// The discardable attribute of ops that come from an inlined body.
pub const INLINED: &str = "py.inlined";
/// The attribute of a function that may be inlined: the global that makes its generators.
pub const CALLEE: &str = "py.callee";

/// See the [module](self).
#[derive(Debug)]
pub struct InlineGenerators;

impl Pass for InlineGenerators {
    fn name(&self) -> &str {
        "inline-generators"
    }

    fn description(&self) -> &str {
        "Run the bodies of generators inside the loops that consume them."
    }

    fn run<'c>(&self, context: &'c Context, module: &Module<'c>) -> Result<PassOutcome, PassError> {
        let callees: IndexMap<_, _> = functions(module)
            .into_iter()
            .filter_map(|op| Some((str_attribute(op, CALLEE)?, op)))
            .collect();
        if callees.is_empty() {
            return Ok(PassOutcome::Unchanged);
        }
        for_each_function("inline-generators", context, module, |function| {
            if function.op.has_attribute(CALLEE) {
                locals::keep(function);
            }
            Ok(PassOutcome::Changed)
        })?;
        for_each_function("inline-generators", context, module, |function| {
            let is_caller = !function.op.has_attribute(CALLEE) && !function.is_step();
            if is_caller {
                inline_all(function, &callees)?;
            }
            Ok(PassOutcome::from(is_caller))
        })?;
        callees.into_values().for_each(erase);
        Ok(PassOutcome::Changed)
    }
}

/// The functions that may be inlined, by the global that makes their generators.
pub type Callees<'c, 'a> = IndexMap<&'c str, OperationRef<'c, 'a>>;

fn inline_all<'c, 'a>(
    function: &Function<'c, 'a>,
    callees: &Callees<'c, 'a>,
) -> Result<(), PassError> {
    for group in 0.. {
        let Some(outer) = shape::find(function, callees, false) else {
            return Ok(());
        };
        let mut park = graph::inline(function, &outer, group, None)?;
        while let Some(inner) = shape::find(function, callees, true) {
            park = graph::inline(function, &inner, group, Some(park))?;
        }
    }
    Ok(())
}

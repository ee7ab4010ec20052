//! Cuts counted loops over machine values into strips without polls, checks and exits.
//!
//! ```mlir
//! // before: total += i * i
//! ^head(%s: i64, %i: i64, %left: i64):
//!   %end = arith.cmpi eq, %left, %c0 : i64
//!   %next = arith.addi %i, %c1 : i64
//!   %rest = arith.subi %left, %c1 : i64
//!   cf.cond_br %end, ^exit, ^body
//! ^body:
//!   %p = num.mul %i, %i at %s1
//!   %t = num.add %s, %p at %s2
//!   py.poll at %s3
//!   cf.br ^head(%t, %next, %rest)
//! // after: where the loop was entered, and every so often inside it
//! ^strip(%s, %i, %left):
//!   %n = arith.minsi %left, %c16384        // so many iterations at once,
//!   cf.cond_br %small, ^fast(%s, %i, %n), ^head(%s, %i, %left, %c16384)
//! ^fast(%s, %i, %n):                       // if %s and %i are so small that nothing can overflow
//!   ...
//!   %p = arith.muli %i, %i
//!   %t = arith.addi %s, %p
//!   ...
//! ```
//!
//! The old loop stays what it was, except that it counts down an allowance and then comes back to ^strip. It runs what a
//! strip cannot: the rest of a loop whose numbers are too large, and after each strip one iteration, which polls. A strip
//! has no exit, so LLVM may vectorise it or replace it by a formula.
//!
//! What a strip needs to be right is tested in front of it: that integers are small enough (`bounds`), that indices are
//! in bounds (`guards`). What cannot be known there ends the strip in the middle, if nothing was written in that iteration:
//! an item of a list that is no such number, or too large a one, an index that follows no rule, `break`. The old loop does
//! the iteration, from its start.
//!
//! Whether a float result would make NumPy warn is known only behind a strip: each result times zero, which is no number
//! for one that is not finite, goes into a sum. What such a strip overwrites is kept (`kept`) and put back if the sum is no
//! number; the old loop does the work then, and leaves where it has to. Where it cannot be told what is overwritten, the
//! strip is run for the question alone first, without writing anything.
//!
//! *Requires*: level `typed`, loops over ranges as `lower-py-to-num` makes them. *Ensures*: strips hold `arith`, `math`,
//! `complex`, `py.element`, `py.set_element` and `py.read_item` only. *Leaves alone*: loops with other objects in them, with
//! loops in them, and those whose numbers have no bound.

mod bounds;
mod build;
mod copy;
mod guards;
mod kept;
mod numbers;
mod plan;
mod shape;

pub use copy::EXACT;

use crate::{
    Pass, PassError, PassOutcome,
    cfg::Cfg,
    function::{Function, for_each_function},
};
use melior::{Context, ir::Module};

/// How many iterations a strip has at most. It takes a millisecond or two, not much more than the interval at which
/// CPython's threads take turns.
const STRIP: i64 = 1 << 14;

/// See the [module](self).
#[derive(Debug)]
pub struct StripMineLoops;

impl Pass for StripMineLoops {
    fn name(&self) -> &str {
        "strip-mine-loops"
    }

    fn description(&self) -> &str {
        "Cut counted loops over machine values into strips without polls, checks and exits."
    }

    fn run<'c>(&self, context: &'c Context, module: &Module<'c>) -> Result<PassOutcome, PassError> {
        for_each_function("strip-mine-loops", context, module, |function| {
            Ok(PassOutcome::from(strip_mine(function)))
        })
    }
}

fn strip_mine(function: &Function) -> bool {
    // Strips change the graph around a loop, but not inside another.
    let cfg = Cfg::new(function.region);
    let plans: Vec<_> = shape::find(&cfg)
        .into_iter()
        .filter_map(|found| plan::Plan::new(function, found))
        .collect();
    for plan in &plans {
        build::build(function, plan);
    }
    !plans.is_empty()
}

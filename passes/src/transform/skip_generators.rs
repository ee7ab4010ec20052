//! Does not make the generators of a recursion that end before they yield.
//!
//! ```mlir
//! // before, in walk(), which begins with `if node is None: return`
//!   %g = py.call %walk, %null(%left) at %s1
//!   %it = py.get_yield_from_iter %g at %s2
//!   cf.br ^send(%node, %none)
//! ^send(%n: !py.object, %v: !py.object):
//!   %r, %finished = py.send %it, %v at %s3
//!   cf.cond_br %finished, ^end, ^yield
//! ^end:                                     // uses %n
//! // after
//!   %own = py.calls_itself %walk
//!   cf.cond_br %own, ^begin, ^make
//! ^begin:
//!   %none1 = py.none
//!   %is = py.is %left, %none1
//!   cf.cond_br %is, ^skip, ^make
//! ^skip:
//!   %none2 = py.constant 0 = unit
//!   cf.br ^joined(%node)
//! ^make:
//!   %g = py.call %walk, %null(%left) at %s1 // and all the rest; `%finished` leads to ^joined(%n)
//! ^joined(%n1: !py.object):
//!   cf.br ^end                              // uses %n1
//! ```
//!
//! Half of the generators of a walk over a tree are for what is below its leaves. What they would do is computed in the
//! place of the call, as far as nothing in it has an effect; where something has, the generator is made as before.
//! That goes for `yield from` and for loops over the function's own generators.
//!
//! *Requires*: types are not inferred yet; `py.by_place` at generators all of whose parameters can be given by place.
//! *Leaves alone*: calls of other functions, loops that are left in other ways too and use then what they carry.

mod beginning;
mod consumer;
mod graph;
mod joint;

use crate::{
    Pass, PassError, PassOutcome,
    analysis::numbers::arguments,
    cfg::{name_of, operand_of},
    function::{Function, for_each_function},
    inspect::{defined_by, int_attribute, str_attribute},
};
use beginning::Beginning;
use consumer::Consumer;
use joint::Joint;
use melior::{
    Context,
    ir::{Module, OperationRef, Value, operation::OperationLike},
};
use stepwell_dialects::ir::{blocks, operations};

/// The attribute of a generator whose calls give all arguments by their place.
const BY_PLACE: &str = "py.by_place";

/// See the [module](self).
#[derive(Debug)]
pub struct SkipGenerators;

impl Pass for SkipGenerators {
    fn name(&self) -> &str {
        "skip-generators"
    }

    fn description(&self) -> &str {
        "Do not make the generators of a recursion that end before they yield."
    }

    fn run<'c>(&self, context: &'c Context, module: &Module<'c>) -> Result<PassOutcome, PassError> {
        for_each_function("skip-generators", context, module, |function| {
            let is_fit = function.op.has_attribute(BY_PLACE)
                && str_attribute(function.op, "py.kind") == Some("generator");
            if !is_fit {
                return Ok(PassOutcome::Unchanged);
            }
            let all = blocks(function.region).into_iter().flat_map(operations);
            let calls: Vec<_> = all.filter(|op| name_of(*op) == "py.call").collect();
            // Each time what is known of the function is found anew: a joint gives values other names behind it.
            let skipped = calls.into_iter().filter_map(|call| skip(function, call));
            Ok(PassOutcome::from(skipped.count() > 0))
        })
    }
}

/// A call that could be of the function itself.
struct OwnCall<'c, 'a> {
    call: OperationRef<'c, 'a>,
    callable: Value<'c, 'a>,
    /// The receiver of a method, which may turn out to be none.
    receiver: Option<Value<'c, 'a>>,
    arguments: Vec<Value<'c, 'a>>,
}

impl<'c, 'a> OwnCall<'c, 'a> {
    /// That of a `py.call` which gives each parameter its argument.
    fn of(function: &Function<'c, 'a>, call: OperationRef<'c, 'a>) -> Option<Self> {
        let receiver = operand_of(call, 1).filter(|it| defined_by(*it, "py.null").is_none());
        let arguments: Vec<_> = receiver.into_iter().chain(arguments(call)).collect();
        let all = int_attribute(function.op, "py.argcount") == Some(arguments.len() as i64);
        (all && !call.has_attribute("kwnames")).then_some(Self {
            call,
            callable: operand_of(call, 0)?,
            receiver,
            arguments,
        })
    }
}

/// Goes past the loop that consumes the generator when that ends at once.
fn skip<'c, 'a>(function: &Function<'c, 'a>, call: OperationRef<'c, 'a>) -> Option<()> {
    let own = OwnCall::of(function, call)?;
    let beginning = Beginning::of(function)?;
    let consumer = Consumer::of(call)?;
    let joint = Joint::plan(function, call, &consumer)?;
    let joint = joint.build(function, &consumer);
    beginning.insert(function, &own, &joint);
    Some(())
}

//! `lower-py-to-num`: does on machine values what `infer-types` found to be numbers.
//!
//! ```text
//!   %0 = py.constant 1 = 2.5 : f64 {py.type = "f64"}
//!   %s = py.frame_state 6 locals(%x) stack(%x, %0) : (!py.object), (!py.object, !py.object)
//!   %1 = py.binary add %x, %0 at %s {py.type = "f64"}
//!   func.return %1 : !py.object
//! ```
//! becomes, for an `%x` that is an `i64`,
//! ```text
//!   %x0 = py.unbox %x at %entry : i64
//!   %0 = arith.constant 2.5 : f64
//!   %1 = arith.sitofp %x0 : i64 to f64
//!   %2 = arith.addf %1, %0 : f64
//!   %3 = py.box %2 : f64
//!   func.return %3 : !py.object
//! ```
//!
//! What has no native answer (overflow, division by zero) is an op of `num` that leaves at the frame
//! state of its instruction; native ops never raise, so `raised` becomes false and its branch folds.
//!
//! *Locals.* A slot of the frame is native when it is assigned, only ever to native values, and every
//! frame state sees a native value or null there. Its `py.store_local` go, but for items of a `py.for_iter`, which are
//! there as objects anyway; `py.native_slots` lists it, and at an exit it has to be written from the frame state. A block argument for a native local that
//! may be unbound gets an `i1` companion, and its box in a frame state is `py.box %v if %bound`.
//! Other slots keep their stores, so that the frame always has them.
//!
//! *Arrays* keep the object; `py.describe` yields the address, shape and strides, behind the definition of each array.
//! That of an array that was guessed leaves there if it is something else.
//! `py.confirm` stands where they are used after Python code that could have changed the array, and behind polls.
//!
//! *Scalars of NumPy* are held as the numbers that they are in machine code. Their arithmetic leaves where NumPy warns or
//! raises, and in a box they are NumPy's again. A block argument for a value that can be a number of Python or of NumPy gets
//! an `i1` companion that tells which.
//!
//! *Suspensions.* A local that is read again behind a `state.yield`, or at the start of a step, and that most likely is a
//! number is unboxed behind the reads, at the state in which the step begins.
//!
//! *Range loops* ([`crate::analysis::range_loops`]) count on two block arguments of the head, the next
//! item and how many are left; their iterator exists only in frame states, as `py.range_iterator`. So do loops over arrays,
//! over constant tuples of small integers and, in functions without objects, over all tuples of numbers, with the place of the
//! next item and `py.tuple_iterator`.
//!
//! *Appending* to what certainly is a list is a `py.list_append`; its method exists only in frame states, as `py.method`.
//!
//! *Requires* the annotations of `infer-types`.
//! *Ensures* that no op of `py` computes on a value that is native; no annotation of a native type is
//! left. Functions without annotations stay as they are.
//! *Not here*: what the ops of `num` do (`lower-num-to-arith`); folding the branches on false.

mod appending;
mod arithmetic;
mod arrays;
mod attributes;
mod choices;
mod constructors;
mod edges;
mod expectations;
mod known;
mod lanes;
mod locals;
mod operators;
mod optionals;
mod pointers;
mod range_loops;
mod scalars;
mod sequences;
mod suspensions;
mod tuples;
mod unpacking;
mod values;
mod variables;

pub(crate) use expectations::TYPED_PARAMETERS;
pub(crate) use values::number;

use crate::{
    Pass, PassError, PassOutcome,
    analysis::{
        cfg::{self, Cfg},
        fact::{Fact, Kind},
        known::Known,
        numbers::constructor,
        suspensions::{Reload, reloads},
    },
    builder::{Builder, erase},
    collections::{HashMap, HashSet},
    inspect::{op_key, op_name, result, value_key},
    modes::Numbers,
    transform::infer_types::{Facts, erase_annotations, is_strict},
};
use melior::{
    Context,
    ir::{Module, OperationRef, Value, operation::OperationLike},
};
use std::cell::RefCell;
use stepwell_dialects::ir::{Types, functions, has_uses, operations, replace_uses};

/// See the module.
#[derive(Clone, Copy, Debug)]
pub struct LowerPyToNum;

impl Pass for LowerPyToNum {
    fn name(&self) -> &str {
        "lower-py-to-num"
    }

    fn description(&self) -> &str {
        "Compute on machine values what infer-types found to be numbers."
    }

    fn run<'c>(&self, context: &'c Context, module: &Module<'c>) -> Result<PassOutcome, PassError> {
        let mut changed = false;
        for function in functions(module) {
            let Some(cfg) = Cfg::new(function) else {
                continue;
            };
            if let Some(facts) = Facts::read(function, &cfg) {
                Lowering::new(context, function, cfg, facts).run()?;
                changed = true;
            }
        }
        Ok(changed.into())
    }
}

/// A value held natively.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Native<'c, 'a> {
    pub(crate) kind: Kind,
    pub(crate) value: Value<'c, 'a>,
    /// Whether there is a value, when that is not certain.
    pub(crate) bound: Option<Value<'c, 'a>>,
    /// Whether it is a scalar of NumPy, when it can be either.
    scalar: Option<Value<'c, 'a>>,
}

impl<'c, 'a> Native<'c, 'a> {
    /// A value that is certainly there, and of that kind.
    fn new(kind: Kind, value: Value<'c, 'a>) -> Self {
        Self {
            kind,
            value,
            bound: None,
            scalar: None,
        }
    }
}

/// The work on one function.
struct Lowering<'c, 'a> {
    context: &'c Context,
    types: Types<'c>,
    function: OperationRef<'c, 'a>,
    cfg: Cfg<'c, 'a>,
    facts: Facts,
    numbers: Numbers,
    known: Known<'c>,
    /// The native form of values of `py`, by address.
    natives: HashMap<usize, Native<'c, 'a>>,
    /// Those of them that are still there as objects.
    objects: HashSet<usize>,
    native_slots: Vec<bool>,
    arrays: arrays::Arrays<'c, 'a>,
    /// Whether nothing may be an object.
    is_strict: bool,
    /// The numbers that a function returned in a tuple, or that a loop took from one, by the address of the tuple.
    parts: HashMap<usize, Vec<Native<'c, 'a>>>,
    /// The arguments that each block had, by the address of the block.
    signatures: HashMap<usize, Vec<Value<'c, 'a>>>,
    counters: range_loops::Counters<'c, 'a>,
    /// Ops made here that are not to be visited.
    done: HashSet<usize>,
    /// The checks of results that were guessed to be numbers, and the results.
    guesses: Vec<(OperationRef<'c, 'a>, Value<'c, 'a>)>,
    /// The `py.load_local` behind suspensions.
    reloads: HashMap<usize, Reload<'c, 'a>>,
    /// The state in which each step begins, and the op in front of which it is known; by the address of the `state.yield`,
    /// none for the first.
    steps: HashMap<Option<usize>, (OperationRef<'c, 'a>, Value<'c, 'a>)>,
    /// What unboxes parameters, and the parameters.
    parameters: Vec<(OperationRef<'c, 'a>, Value<'c, 'a>)>,
    /// The values whose kind something relies on, by address.
    relied_on: RefCell<HashSet<usize>>,
    /// Ops that were replaced, in the order in which they were visited.
    dead: Vec<OperationRef<'c, 'a>>,
}

impl<'c, 'a> Lowering<'c, 'a> {
    fn new(
        context: &'c Context,
        function: OperationRef<'c, 'a>,
        cfg: Cfg<'c, 'a>,
        facts: Facts,
    ) -> Self {
        let arrays = arrays::Arrays::new(&Types::new(context), &cfg, &facts);
        let native_slots = locals::native_slots(function, &cfg, &facts);
        let known = Known::of(function);
        let reloads = reloads(&Types::new(context), &cfg);
        let is_strict = is_strict(function);
        let counters =
            range_loops::Counters::new(&cfg, &facts, &Types::new(context), &known, is_strict);
        Self {
            context,
            types: Types::new(context),
            function,
            cfg,
            facts,
            numbers: Numbers::of(function),
            known,
            natives: HashMap::default(),
            objects: HashSet::default(),
            native_slots,
            arrays,
            is_strict,
            parts: HashMap::default(),
            signatures: HashMap::default(),
            counters,
            done: HashSet::default(),
            guesses: Vec::new(),
            reloads,
            steps: HashMap::default(),
            parameters: Vec::new(),
            relied_on: RefCell::default(),
            dead: Vec::new(),
        }
    }

    fn run(mut self) -> Result<(), PassError> {
        let order = self.cfg.reverse_postorder();
        for block in &order {
            self.retype_arguments(*block);
        }
        self.unbox_parameters()?;
        for block in order {
            for op in operations(block) {
                if !self.done.contains(&op_key(op)) {
                    self.visit(op)?;
                }
            }
        }
        self.confirm_arrays();
        self.finish();
        Ok(())
    }

    fn visit(&mut self, op: OperationRef<'c, 'a>) -> Result<(), PassError> {
        match op_name(op) {
            "py.frame_state" => self.frame_state(op),
            "py.store_local" => self.store_local(op),
            "py.check_bound" => self.check_bound(op),
            "py.constant" => self.constant(op),
            "py.box" => self.keep_boxed(op),
            "py.binary" => self.binary(op),
            "py.unary" => self.unary(op),
            "py.call_intrinsic_1" if self.positive(op).is_some() => {}
            "py.compare" => self.compare(op),
            "py.truth" => self.truth(op),
            "py.is" => self.identity(op),
            "py.call" | "py.get_iter" | "py.for_iter" if self.is_counted(op) => self.count(op),
            "py.load_global" | "py.load_attr" | "py.load_method" if self.load_known(op) => {}
            "py.load_method" if self.load_append(op) => {}
            "py.call" if self.append(op) => {}
            "py.call" if self.is_call_of_this(op) => self.call_this(op),
            "py.call"
                if self.length(op).is_some()
                    || self.sequence_length(op).is_some()
                    || self.call_on_composite(op) => {}
            "py.for_iter" if self.iterate(op) => {}
            "py.call" if self.call_on_tuples(op) => {}
            "py.call" if self.call_for_parts(op).is_some() => {}
            "py.call" if constructor(op).is_some() || self.is_call_of_known(op) => {
                self.construct(op);
            }
            "py.load_subscr"
                if self.load_number(op)
                    || self.composite_subscript(op)
                    || self.load_subscript(op)
                    || self.load_nested(op)
                    || self.load_item(op) => {}
            "py.call" | "py.load_subscr" | "py.for_iter" if self.native_kind(op).is_some() => {
                self.expect(op);
            }
            "arith.select" if self.native_kind(op).is_some() => self.select(op),
            "py.unpack_sequence"
                if self.unpack_numbers(op)
                    || self.unpack_shape(op).is_some()
                    || self.unpack_items(op).is_some() => {}
            "py.contains" if self.contains_number(op) => {}
            "py.build_tuple" => self.build_tuple(op),
            "py.store_subscr" if self.store_at_pointer(op).is_some() => {}
            "py.store_subscr" => self.store_subscript(op),
            "py.load_local" => self.load_local(op),
            "py.load_deref" => self.load_variable(op),
            "py.store_deref" => self.store_variable(op),
            "py.load_attr" => self.load_attribute(op),
            "py.store_attr" => self.store_attribute(op),
            "cf.br" | "cf.cond_br" | "cf.switch" => return self.edges(op),
            _ => self.box_operands(op),
        }
        Ok(())
    }

    fn builder(&self, before: OperationRef<'c, 'a>) -> Builder<'c, 'a> {
        Builder::new(self.context, self.types, before)
    }

    /// The kind that is written on an op, if it has a native form.
    fn native_kind(&self, op: OperationRef<'c, 'a>) -> Option<Kind> {
        let fact = result(op, 0).map_or(Fact::OBJECT, |value| self.facts.get(value));
        fact.is_native().then_some(fact.kind)
    }

    /// Records the native form of the result of an op that goes away.
    fn replace(&mut self, op: OperationRef<'c, 'a>, kind: Kind, value: Value<'c, 'a>) {
        if let Some(old) = result(op, 0) {
            self.natives
                .insert(value_key(old), Native::new(kind, value));
        }
        self.never_raises(op);
        self.dead.push(op);
    }

    /// Makes the last result false: `raised` of an op that is native now.
    fn never_raises(&self, op: OperationRef<'c, 'a>) {
        let values = self.cfg_results(op);
        if let Some(raised) = values.filter(|value| has_uses(*value)) {
            replace_uses(raised, self.builder(op).bool(false));
        }
    }

    /// The result `raised`, which is there under a handler.
    fn cfg_results(&self, op: OperationRef<'c, 'a>) -> Option<Value<'c, 'a>> {
        let index = if op_name(op) == "py.for_iter" { 2 } else { 1 };
        result(op, index)
    }

    fn finish(mut self) {
        for op in self.dead.iter().rev() {
            for value in op
                .results()
                .map(Value::from)
                .filter(|value| has_uses(*value))
            {
                // Only code that cannot be reached still uses it.
                replace_uses(
                    value,
                    self.builder(*op).value("py.null", &[], self.types.object),
                );
            }
            erase(*op);
        }
        self.drop_parts();
        self.write_typed_parameters();
        self.drop_idle_guesses();
        locals::write_native_slots(self.context, self.function, &self.native_slots);
        erase_annotations(self.function, &self.cfg);
    }

    fn bug(&self, message: String) -> PassError {
        PassError::Bug {
            pass: "lower-py-to-num".to_owned(),
            message,
            ir: self.function.to_string(),
        }
    }

    fn signature(&self, block: melior::ir::BlockRef<'c, 'a>) -> &[Value<'c, 'a>] {
        self.signatures
            .get(&cfg::key(block))
            .map_or(&[], Vec::as_slice)
    }
}

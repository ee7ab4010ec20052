//! Compiles: when the runtime meets a call that no version fits, and where a function is decorated.

use crate::{
    callees::{self, Callee},
    code,
    driver::{Job, Product},
    errors::Failure,
    function::code_of,
    globals::Scope,
    hints::Hints,
    install,
    jit::USE_AUTO,
    mismatch,
    options::Options,
    plan::Plan,
    refs::Table,
    this,
    units::{Settings, attach, unit_of},
    workshop::Workshop,
};
use pyo3::{
    exceptions::PyMemoryError,
    prelude::*,
    types::{PyCode, PyFunction},
};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Once, OnceLock},
};
use stepwell_abi::cpython::{PyCodeObject, PyFunctionObject};
use stepwell_frontend::{Code, Entry as LoopEntry, Flags, Program, Temporary, bytecode::Opcode};
use stepwell_jit::{CompiledUnit, Engine};
use stepwell_runtime::{
    assumptions::Assumptions,
    compiler::{self, Compiler, Outcome, Request},
    ended::keep_inside,
    profile::RESULTS,
    seen::Noted,
    symbols,
    tag::Tag,
    unit::{Body, Entry, Leaf, Step, Unit, Version},
};

/// The compiler that the runtime calls.
struct JustInTime;

/// Makes the runtime ask us for machine code.
pub fn install() {
    compiler::set(Box::new(JustInTime));
}

impl Compiler for JustInTime {
    fn compile(&self, request: &Request<'_>) -> Outcome {
        // An interpreter that is shutting down still calls functions, but nobody can attach to it any more.
        let attached = || {
            Python::try_attach(|py| {
                // SAFETY: the request borrows a function that is being called.
                let function = unsafe { Bound::from_borrowed_ptr(py, request.function.cast()) };
                let answer = || {
                    let function = function.cast::<PyFunction>().map_err(PyErr::from)?;
                    Ok(answer(function, request)?)
                };
                match unharmed(|| keep_inside(answer)) {
                    Ok(outcome) => outcome,
                    Err(Failure::Raised(error)) if !error.is_instance_of::<PyMemoryError>(py) => {
                        error.restore(py);
                        Outcome::Raised
                    }
                    // Memory is short, for which PyO3 has panics too. The interpreter may still have enough.
                    Err(_) => {
                        // SAFETY: the GIL is held.
                        unsafe { pyo3::ffi::PyErr_Clear() }
                        Outcome::Later
                    }
                }
            })
        };
        keep_inside(attached).unwrap_or(Outcome::Later)
    }

    fn could_guess_more(&self, request: &Request<'_>) -> bool {
        let answer = |py: Python<'_>| -> PyResult<bool> {
            // SAFETY: the request borrows a function that is being called.
            let function = unsafe { Bound::from_borrowed_ptr(py, request.function.cast()) };
            let function = function.cast::<PyFunction>()?;
            let Some(settings) = Settings::of(request.unit) else {
                return Ok(false);
            };
            let known = hints(function, request, &settings.options())?;
            Ok(!known.says_the_same_as(&settings.hints()))
        };
        let attached = || Python::try_attach(|py| answer(py).unwrap_or(false));
        keep_inside(attached).unwrap_or(false)
    }

    unsafe fn adopt<'a>(&self, maker: &Unit, code: *mut PyCodeObject) -> Option<&'a Unit> {
        let settings = Settings::of(maker)?.for_nested();
        // SAFETY: as the caller's.
        let unit = unsafe { attach_patiently(code, settings) }?;
        unit.set_nested(true);
        unit.set_frugal(maker.is_frugal());
        Some(unit)
    }

    unsafe fn take_in<'a>(&self, code: *mut PyCodeObject) -> Option<&'a Unit> {
        // SAFETY: as the caller's.
        let unit = unsafe { attach_patiently(code, Settings::covered(Options::default())) }?;
        unit.set_nested(true);
        Some(unit)
    }

    unsafe fn covers(&self, function: *mut PyFunctionObject) -> bool {
        // SAFETY: as the caller's.
        unsafe { install::covers_library(function) }
    }
}

/// A unit that waits for some calls. `None` when memory is short: the interpreter can do without us.
unsafe fn attach_patiently<'a>(code: *mut PyCodeObject, settings: Settings) -> Option<&'a Unit> {
    // SAFETY: as of `Compiler::adopt`.
    unsafe {
        let unit = Unit::attach(code, Box::new(settings));
        match unit {
            Some(unit) => unit.wait_for_run(PATIENCE),
            None => pyo3::ffi::PyErr_Clear(),
        }
        unit
    }
}

/// How many calls of a function that compiled code makes are waited for: most such functions are called a few times.
const PATIENCE: u32 = 500;

/// # Errors
/// What the caller of the function has to see: that the arguments do not fit a typed mode or that it cannot be compiled
/// in it, and what a pass written in Python raised.
fn answer(function: &Bound<'_, PyFunction>, request: &Request<'_>) -> PyResult<Outcome> {
    let options = Settings::of(request.unit)
        .map(Settings::options)
        .unwrap_or_default();
    let code = code_of(function)?;
    let own = options.numbers().own;
    let tags = &request.wanted.signature[..request.arguments.len()];
    let plan = match request.wanted.generic {
        true => Plan::objects(tags.len()),
        false => options.plans.for_arguments(options.mode, own, tags),
    };
    if options.is_typed() {
        mismatch::check(function, &code, &options, &plan, request.arguments)?;
    }
    // Who decorates a function is told at once; `install` does not look at what nobody calls.
    if Settings::of(request.unit).is_some_and(Settings::is_covered)
        && !code::is_of_this_version(&code)?
    {
        return Ok(Outcome::Refused(code::FOREIGN.into()));
    }
    let Some(workshop) = Workshop::try_enter() else {
        return Ok(Outcome::Later);
    };
    let hints = hints(function, request, &options)?;
    let wanted = Kind {
        generic: request.wanted.generic,
        baseline: request.wanted.baseline,
        entry: request
            .entry
            .map(|offset| loop_entry(offset, &request.wanted.signature, request.arguments.len())),
    };
    match version(&workshop, function, &options, plan, wanted, &hints) {
        Ok(mut version) => {
            if request.entry.is_none() {
                if let Some(settings) = Settings::of(request.unit) {
                    settings.keep_hints(hints);
                }
            } else {
                // All that the frame holds was looked at, whether the code needs it or not.
                version.signature.clone_from(&request.wanted.signature);
            }
            Ok(Outcome::Version(version))
        }
        Err(Failure::Raised(error)) => Err(error),
        Err(failure) if options.is_typed() => Err(failure.into_exception(function, USE_AUTO)),
        Err(failure) => Ok(Outcome::Refused(failure.reason())),
    }
}

/// Which of the versions for a list of types.
#[derive(Clone, Default)]
struct Kind {
    /// Types are not speculated on.
    generic: bool,
    /// Baseline code will do.
    baseline: bool,
    /// Where it begins in the middle of a call.
    entry: Option<LoopEntry>,
}

/// The frame of a call at a loop, whose first `slots` tags are those of its slots.
fn loop_entry(offset: u32, held: &[Tag], slots: usize) -> LoopEntry {
    let (slots, stack) = held.split_at(slots);
    let temporary = |tag: &Tag| match tag {
        Tag::Unbound => Temporary::Null,
        Tag::Range => Temporary::Range,
        _ => Temporary::Object,
    };
    LoopEntry {
        offset,
        unbound: slots.iter().map(|tag| *tag == Tag::Unbound).collect(),
        stack: stack.iter().map(temporary).collect(),
    }
}

/// What to guess from.
fn hints(
    function: &Bound<'_, PyFunction>,
    request: &Request<'_>,
    options: &Options,
) -> PyResult<Hints> {
    match request.wanted.guesses {
        _ if options.is_typed() => Hints::of_typed(function),
        true => Ok(Hints::of(function, request.arguments)?.with_seen(request.unit.seen())),
        false => Hints::of_attributes(function, request.arguments),
    }
}

/// After how many calls to ask whether there is more to guess from: soon for a function with a loop, since it is hardly
/// called often, and never for one without attributes.
fn trial(code: &Code) -> u32 {
    const SOON: u32 = 2;
    const LATE: u32 = 200;
    match (has(code, Opcode::LoadAttr), has(code, Opcode::JumpBackward)) {
        (false, _) => 0,
        (true, true) => SOON,
        (true, false) => LATE,
    }
}

/// Whether a function has such an instruction.
pub fn has(code: &Code, opcode: Opcode) -> bool {
    let mut units = code.code.chunks_exact(2);
    units.any(|unit| {
        Program::table()
            .row(unit[0])
            .is_some_and(|row| row.opcode == opcode)
    })
}

/// Compiles a function for the types that its mode gives, unless that has been done.
///
/// # Errors
/// The exception for whoever decorates. The unit of a function that the interpreter can run keeps the reason too.
pub fn compile_now(function: &Bound<'_, PyFunction>, options: &Options) -> PyResult<()> {
    let code = code_of(function)?;
    let unit = attach(&code, options)?;
    let own = options.numbers().own;
    for plan in options
        .plans
        .early(options.mode, own, parameter_count(&code)?)?
    {
        if unit.has_version(&plan.tags) || unit.statistics().refusal.is_some() {
            continue;
        }
        let hints = match options.is_typed() {
            true => Hints::of_typed(function)?,
            false => Hints::default(),
        };
        let workshop = Workshop::enter(function.py());
        let wanted = Kind {
            baseline: true,
            ..Kind::default()
        };
        match version(&workshop, function, options, plan, wanted, &hints) {
            Ok(version) => unit.install(version),
            Err(failure) => {
                if !options.is_typed() {
                    unit.refuse(failure.reason());
                }
                return Err(failure.into_exception(function, USE_AUTO));
            }
        }
    }
    Ok(())
}

fn parameter_count(code: &Bound<'_, PyCode>) -> PyResult<usize> {
    let flags: u32 = code.getattr("co_flags")?.extract()?;
    let positional: usize = code.getattr("co_argcount")?.extract()?;
    let keywords: usize = code.getattr("co_kwonlyargcount")?.extract()?;
    let starred = [Flags::VARARGS, Flags::VARKEYWORDS]
        .into_iter()
        .filter(|flag| flags & flag != 0);
    Ok(positional + keywords + starred.count())
}

fn version(
    workshop: &Workshop,
    function: &Bound<'_, PyFunction>,
    options: &Options,
    plan: Plan,
    wanted: Kind,
    hints: &Hints,
) -> Result<Version, Failure> {
    define_symbols()?;
    let code_object = &code_of(function)?;
    let code = code::extract(code_object)?;
    let scope = Scope::of(function);
    let this = this::name(function, code_object, options.is_typed())?;
    let Kind { generic, .. } = wanted;
    let mut callees = match generic {
        true => Vec::new(),
        false => callees::of(function, options)?,
    };
    let baseline = wanted.baseline
        && options.begins_with_baseline()
        && !generic
        && !(this.is_some() && is_short(&code))
        && pays_as_baseline(&code, &callees);
    if baseline {
        callees.clear();
    }
    let compile = |callees: &[Callee]| {
        let job = Job {
            code: &code,
            scope: scope.as_ref(),
            plan: &plan,
            options,
            generic,
            baseline,
            entry: wanted.entry.clone(),
            this: this.clone().filter(|_| !baseline),
            hints,
            callees,
        };
        unharmed(|| job.compile(workshop.context()))
    };
    let product = callees::with_fewer(&callees, compile)?;
    let table = Table::fill(
        &product.unit,
        &product.refs,
        code_object,
        &callees,
        scope.as_ref(),
    )?;
    let assumptions = match &scope {
        Some(scope) => scope.watch(&product.unit, &product.assumes)?,
        None => None,
    };
    if let Some(settings) = unit_of(code_object).and_then(Settings::of) {
        let returned = product.returned.as_deref();
        settings.note_result(returned.filter(|_| options.is_typed()));
    }
    let speculative = options.mode.name == "auto" && !generic;
    if speculative && !baseline {
        RESULTS.note(&code.name, product.returned.as_deref());
    }
    let trial = match speculative && !baseline && wanted.entry.is_none() {
        true => trial(&code),
        false => 0,
    };
    let held = (assumptions, table);
    let version = finish(plan.tags, (speculative, trial), product, held)?;
    if !version.patience.is_null() {
        let instructions = (code.code.len() / size_of::<u16>()) as i64;
        let patience = patience().unwrap_or(WARM + 10 * instructions + instructions.pow(2) / 40);
        // SAFETY: the module, which has just been linked, declares the variable.
        unsafe { version.patience.write(patience) }
    }
    Ok(version)
}

/// How many ways around loops baseline code goes at least, before better code pays; more for longer code, whose
/// compilation takes longer, and which is the less often all of it needed.
const WARM: i64 = 10_000;

/// Another number for all baseline code, from the environment: for tests.
fn patience() -> Option<i64> {
    static GIVEN: OnceLock<Option<i64>> = OnceLock::new();
    *GIVEN.get_or_init(|| std::env::var("STEPWELL_PATIENCE").ok()?.parse().ok())
}

/// Whether baseline code is worth it: generators that the function consumes would be objects in it, and no loop of a
/// generator can go on in better code.
fn pays_as_baseline(code: &Code, callees: &[Callee]) -> bool {
    let pays_at_once =
        callees.iter().any(|callee| callee.is_generator) || code.is_generator() && has_loops(code);
    !pays_at_once
}

/// Whether a function that calls itself may be all about that, so that its native form pays at once.
fn is_short(code: &Code) -> bool {
    code.code.len() / size_of::<u16>() < 400
}

fn has_loops(code: &Code) -> bool {
    has(code, Opcode::JumpBackward)
}

/// Makes a mistake of ours that panics an error: nobody can unwind through the interpreter.
pub fn unharmed<T>(step: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    catch_unwind(AssertUnwindSafe(step)).unwrap_or_else(|payload| {
        let text = payload
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| payload.downcast_ref::<&str>().copied());
        Err(Failure::Bug(format!("panic: {}", text.unwrap_or("?"))))
    })
}

fn finish(
    mut signature: Vec<Tag>,
    (speculative, trial): (bool, u32),
    product: Product,
    held: (Option<Assumptions>, Table),
) -> Result<Version, Failure> {
    let mut guesses = product.exits.iter().filter(|site| site.is_guess());
    let guesses = guesses.any(|site| site.guessed_attribute().is_none());
    // A typed mode says what it takes, whether it needs it or not.
    if speculative {
        for index in &product.untyped {
            if let Some(tag) = signature.get_mut(*index) {
                *tag = Tag::Any;
            }
        }
    }
    Ok(Version {
        signature,
        entry: entry(&product.unit)?,
        exits: product.exits,
        phases: product.phases,
        passes: product.passes,
        guesses,
        speculative,
        trial,
        assumed: product
            .unit
            .data("assumed")
            .map_or(std::ptr::null(), |flag| flag.cast::<i64>()),
        patience: product
            .unit
            .data(stepwell_abi::PATIENCE)
            .map_or(std::ptr::null_mut(), |count| count.cast::<i64>()),
        seen: product
            .unit
            .data(stepwell_abi::SEEN)
            .map_or(std::ptr::null(), |table| table.cast::<Noted>()),
        noted: product.noted,
        // The watches and the table are dropped before the code.
        keep: Box::new((held, product.unit)),
    })
}

/// The machine code of the one function that a unit exports.
fn entry(unit: &CompiledUnit) -> Result<Entry, Failure> {
    let found = unit
        .functions()
        .find_map(|name| Some((name, unit.address(name)?)));
    let (name, address) = found.ok_or_else(|| Failure::Bug("the module has no function".into()))?;
    // SAFETY: the passes give the functions of these names these signatures.
    unsafe {
        match name {
            "step" => Ok(Entry::Step(std::mem::transmute::<*const (), Step>(address))),
            "leaf" => Ok(Entry::Leaf(std::mem::transmute::<*const (), Leaf>(address))),
            "body" => Ok(Entry::Body(std::mem::transmute::<*const (), Body>(address))),
            other => Err(Failure::Bug(format!("the module exports {other}"))),
        }
    }
}

/// Tells the engine, once, where the runtime functions and the interpreter's data are.
fn define_symbols() -> Result<(), Failure> {
    static ONCE: Once = Once::new();
    let mut outcome = Ok(());
    ONCE.call_once(|| {
        let symbols = symbols::symbols();
        let symbols: Vec<_> = symbols
            .iter()
            .map(|symbol| (symbol.name, symbol.address as *const ()))
            .collect();
        // SAFETY: the runtime's own functions, and those of the interpreter that has loaded us, stay for good.
        outcome = unsafe { Engine::get().define_symbols(&symbols) };
    });
    Ok(outcome?)
}

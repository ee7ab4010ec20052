//! The functions among a function's globals whose bodies may become part of it: what makes the generators that it
//! consumes, for `inline-generators`, and what it calls or awaits, for `inline-calls`.

use crate::{
    code,
    compiler::has,
    errors::Failure,
    function::code_of,
    options::Options,
    units::{Settings, unit_of},
};
use melior::{
    Context,
    ir::{BlockLike, Module, Operation, attribute::StringAttribute, operation::OperationMutLike},
};
use pyo3::{
    prelude::*,
    types::{PyCode, PyDict, PyFunction},
};
use stepwell_dialects::ir::functions;
use stepwell_frontend::{Code, Flags, LiftOptions, SlotKind, bytecode::Opcode, lift};

/// More functions than this are not tried.
const MOST: usize = 8;
/// A body of more bytecode than this is not worth it.
const LONGEST: usize = 512;

/// A function whose body may be inlined.
pub struct Callee {
    /// The global that it is the value of.
    pub name: String,
    /// Its body.
    pub code: Code,
    /// Its code object, which a generator has to run to be inlined.
    pub object: Py<PyCode>,
    /// Whether it makes generators.
    pub is_generator: bool,
}

/// The functions of a function's module that it names, or that are named by those of them that it calls. Passes of the
/// user's own see functions as they were written, so nothing is inlined then.
///
/// # Errors
/// When a function's attributes cannot be read.
pub fn of(function: &Bound<'_, PyFunction>, options: &Options) -> PyResult<Vec<Callee>> {
    let caller = code_of(function)?;
    let flags: u32 = caller.getattr("co_flags")?.extract()?;
    let makes = Flags::GENERATOR | Flags::ASYNC_GENERATOR;
    let awaits = flags & Flags::COROUTINE != 0;
    if options.mode.name != "auto"
        || !options.inline
        || !options.passes.0.is_empty()
        || flags & makes != 0
    {
        return Ok(Vec::new());
    }
    let globals = function.getattr("__globals__")?.cast_into::<PyDict>()?;
    let mut names: Vec<String> = caller.getattr("co_names")?.extract()?;
    let mut callees: Vec<Callee> = Vec::new();
    let mut next = 0;
    while let Some(name) = names.get(next).cloned() {
        next += 1;
        if let Some(value) = globals.get_item(&name)?
            && let Ok(value) = value.cast_exact::<PyFunction>()
            && value.getattr("__globals__")?.is(&globals)
            && !code_of(value)?.is(&caller)
            && callees.len() < MOST
            && let Some(found) = callee(name, value, awaits)?
        {
            let new = found.code.names.iter().filter(|_| !found.is_generator);
            let new: Vec<_> = new.filter(|name| !names.contains(name)).cloned().collect();
            names.extend(new);
            callees.push(found);
        }
    }
    callees.sort_by_key(|callee| !callee.is_generator);
    Ok(callees)
}

/// Runs `compile` with all callees, and when it fails, because one cannot be inlined after all, with the generators
/// alone, and then with none.
///
/// # Errors
/// That of the last attempt.
pub fn with_fewer<T>(
    callees: &[Callee],
    compile: impl Fn(&[Callee]) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let generators = callees
        .iter()
        .take_while(|callee| callee.is_generator)
        .count();
    let mut result = compile(callees);
    for fewer in [generators, 0] {
        if result.is_err() && fewer < callees.len() {
            result = compile(&callees[..fewer]);
        }
    }
    result
}

/// `awaits` tells that the caller is a coroutine, which can await others but is a loop over no generator.
fn callee(
    name: String,
    function: &Bound<'_, PyFunction>,
    awaits: bool,
) -> PyResult<Option<Callee>> {
    const OTHERS: u32 =
        Flags::ASYNC_GENERATOR | Flags::VARARGS | Flags::VARKEYWORDS | Flags::ITERABLE_COROUTINE;
    let object = code_of(function)?;
    let flags: u32 = object.getattr("co_flags")?.extract()?;
    let not_there = match awaits {
        true => Flags::GENERATOR,
        false => Flags::COROUTINE,
    };
    if flags & (OTHERS | not_there) != 0 || !computes_as_python_does(&object) {
        return Ok(None);
    }
    let code = code::extract(&object)?;
    let simple = code.kwonlyargcount == 0
        // What delegates to others is no matter of numbers.
        && (flags & Flags::GENERATOR == 0 || !has(&code, Opcode::Send))
        && code.code.len() <= LONGEST
        && code.slots.iter().all(|slot| slot.kind == SlotKind::Local);
    Ok(simple.then(|| Callee {
        name,
        code,
        object: object.unbind(),
        is_generator: flags & Flags::GENERATOR != 0,
    }))
}

/// Whether nobody asked for other arithmetic, or for passes of their own, where a function is decorated.
fn computes_as_python_does(code: &Bound<'_, PyCode>) -> bool {
    let options = unit_of(code).and_then(Settings::of).map(Settings::options);
    options.is_none_or(|options| {
        matches!(options.mode.name, "auto" | "object")
            && options.passes.0.is_empty()
            && options.fastmath.is_empty()
    })
}

/// Adds the bodies of the callees to a module, behind its function. One that cannot be lifted is left out.
///
/// # Errors
/// Never: a callee that cannot be lifted is an ordinary call.
pub fn add<'c>(
    context: &'c Context,
    module: &Module<'c>,
    callees: &[Callee],
) -> Result<(), Failure> {
    for callee in callees {
        let Ok(lifted) = lift(context, &callee.code, &LiftOptions::default()) else {
            continue;
        };
        for function in functions(&lifted) {
            let mut copy = Operation::clone(&function);
            let (kind, attribute) = match callee.is_generator {
                true => ("generator", "py.callee"),
                false => ("function", "py.inlinable"),
            };
            let symbol = StringAttribute::new(context, &format!("{kind} {}", callee.name));
            copy.set_attribute("sym_name", symbol.into());
            let name = StringAttribute::new(context, &callee.name);
            copy.set_attribute(attribute, name.into());
            module.body().append_operation(copy);
        }
    }
    Ok(())
}

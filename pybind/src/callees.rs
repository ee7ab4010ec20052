//! The generators that a function makes of its globals, for `inline-generators`.

use crate::{code, errors::Failure, function::code_of, options::Options};
use melior::{
    Context,
    ir::{BlockLike, Module, Operation, attribute::StringAttribute, operation::OperationMutLike},
};
use pyo3::{
    prelude::*,
    types::{PyCode, PyDict, PyFunction},
};
use stepwell_dialects::ir::functions;
use stepwell_frontend::{Code, Flags, LiftOptions, SlotKind, lift};

/// More generators than this are not tried.
const MOST: usize = 8;
/// A body of more bytecode than this is not worth it.
const LONGEST: usize = 512;

/// A function whose generators may be inlined.
pub struct Callee {
    /// The global that it is the value of.
    pub name: String,
    /// Its body.
    pub code: Code,
    /// Its code object, which a generator has to run to be inlined.
    pub object: Py<PyCode>,
}

/// The functions of a function's module that it names and that make generators. Passes of the user's own see functions
/// as they were written, so nothing is inlined then.
///
/// # Errors
/// When a function's attributes cannot be read.
pub fn of(function: &Bound<'_, PyFunction>, options: &Options) -> PyResult<Vec<Callee>> {
    let caller = code_of(function)?;
    let flags: u32 = caller.getattr("co_flags")?.extract()?;
    let makes = Flags::GENERATOR | Flags::COROUTINE | Flags::ASYNC_GENERATOR;
    if options.mode.name != "auto" || !options.passes.0.is_empty() || flags & makes != 0 {
        return Ok(Vec::new());
    }
    let globals = function.getattr("__globals__")?.cast_into::<PyDict>()?;
    let names: Vec<String> = caller.getattr("co_names")?.extract()?;
    let mut callees = Vec::new();
    for name in names {
        if let Some(value) = globals.get_item(&name)?
            && let Ok(value) = value.cast_exact::<PyFunction>()
            && value.getattr("__globals__")?.is(&globals)
            && callees.len() < MOST
        {
            callees.extend(callee(name, value)?);
        }
    }
    Ok(callees)
}

fn callee(name: String, function: &Bound<'_, PyFunction>) -> PyResult<Option<Callee>> {
    const OTHERS: u32 = Flags::COROUTINE
        | Flags::ASYNC_GENERATOR
        | Flags::VARARGS
        | Flags::VARKEYWORDS
        | Flags::ITERABLE_COROUTINE;
    let object = code_of(function)?;
    let flags: u32 = object.getattr("co_flags")?.extract()?;
    if flags & Flags::GENERATOR == 0 || flags & OTHERS != 0 {
        return Ok(None);
    }
    let code = code::extract(&object)?;
    let simple = code.kwonlyargcount == 0
        && code.code.len() <= LONGEST
        && code.slots.iter().all(|slot| slot.kind == SlotKind::Local);
    Ok(simple.then(|| Callee {
        name,
        code,
        object: object.unbind(),
    }))
}

/// Adds the steps of the callees to a module, behind its function. One that cannot be lifted is left out.
///
/// # Errors
/// Never: a callee that cannot be lifted is an ordinary call.
pub fn add<'c>(
    context: &'c Context,
    module: &Module<'c>,
    callees: &[Callee],
) -> Result<(), Failure> {
    for callee in callees {
        let options = LiftOptions {
            attributes: Vec::new(),
            mode: None,
            param_types: None,
            this: None,
            elide: false,
        };
        let Ok(lifted) = lift(context, &callee.code, &options) else {
            continue;
        };
        for function in functions(&lifted) {
            let mut copy = Operation::clone(&function);
            let symbol = StringAttribute::new(context, &format!("generator {}", callee.name));
            copy.set_attribute("sym_name", symbol.into());
            let name = StringAttribute::new(context, &callee.name);
            copy.set_attribute("py.callee", name.into());
            module.body().append_operation(copy);
        }
    }
    Ok(())
}

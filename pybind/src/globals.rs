//! What the global names of a function stand for, for the compiler; and watching that it stays so.

use crate::{code, errors::Failure, modules::import};
use indexmap::IndexSet;
use pyo3::{
    ffi::Py_TPFLAGS_HEAPTYPE,
    prelude::*,
    types::{
        PyBool, PyCFunction, PyComplex, PyDict, PyFloat, PyFunction, PyInt, PyList, PyModule,
        PyString, PyTuple, PyType,
    },
};
use std::ffi::CString;
use stepwell_frontend::{Code, Program, bytecode::Opcode};
use stepwell_jit::CompiledUnit;
use stepwell_passes::analysis::{
    functions::{self, Constant},
    ufuncs,
};
use stepwell_runtime::{assumptions::Assumptions, ufuncs::function};

/// Builtin types that are called like functions.
const TYPES: [&str; 5] = ["int", "float", "bool", "complex", "range"];

/// The dictionaries that a function finds its global names in.
pub struct Scope<'py> {
    globals: Bound<'py, PyDict>,
    builtins: Bound<'py, PyDict>,
}

impl<'py> Scope<'py> {
    /// `None` where one of them is no plain dictionary.
    pub fn of(function: &Bound<'py, PyFunction>) -> Option<Self> {
        let plain = |name| {
            let found = function.getattr(name).ok()?;
            found.cast_into_exact::<PyDict>().ok()
        };
        Some(Self {
            globals: plain("__globals__")?,
            builtins: plain("__builtins__")?,
        })
    }

    fn lookup(&self, name: &str) -> Option<Bound<'py, PyAny>> {
        let global = self.globals.get_item(name).ok()?;
        global.or_else(|| self.builtins.get_item(name).ok()?)
    }

    /// The attribute `py.globals`, as MLIR writes it: what is known of the names in the code of a function and of those
    /// that become part of it. Where nothing may be an object, numbers in modules and tuples of numbers are known, too.
    pub fn meanings(&self, codes: &[&Code], is_typed: bool) -> String {
        let assigned: Vec<_> = codes.iter().flat_map(|code| assigned(code)).collect();
        let names: IndexSet<&str> = codes
            .iter()
            .flat_map(|code| code.names.iter().map(String::as_str))
            .collect();
        let mut pairs = Vec::new();
        for name in names.iter().filter(|name| !assigned.contains(name)) {
            let Some(value) = self.lookup(name) else {
                continue;
            };
            let known = meaning(name, &value, &names, is_typed);
            if known.is_none() && is_typed {
                pairs.extend(in_module(name, &value, &names));
            }
            let known = known.or_else(|| tuple(&value).filter(|_| is_typed));
            pairs.extend(known.map(|meaning| format!("[{name:?}, {meaning}]")));
        }
        format!("[{}]", pairs.join(", "))
    }

    /// Watches the names that a unit takes for known.
    ///
    /// # Errors
    /// [`Failure::Bug`] when a name cannot be watched.
    pub fn watch(
        &self,
        unit: &CompiledUnit,
        names: &[String],
    ) -> Result<Option<Assumptions>, Failure> {
        let Some(flag) = unit.data("assumed") else {
            return Ok(None);
        };
        // SAFETY: the module declares the flag, which lives as long as its code; the version drops this first.
        let assumptions = unsafe { Assumptions::new(flag.cast::<i64>()) };
        for name in names {
            let (global, attribute) = match name.split_once('.') {
                Some((module, attribute)) => (module, Some(attribute)),
                None => (name.as_str(), None),
            };
            rely_on(&assumptions, &self.globals, global)?;
            rely_on(&assumptions, &self.builtins, global)?;
            if let (Some(attribute), Some(module)) = (attribute, self.lookup(global)) {
                let names = module
                    .getattr("__dict__")?
                    .cast_into::<PyDict>()
                    .map_err(PyErr::from)?;
                rely_on(&assumptions, &names, attribute)?;
            }
        }
        Ok(Some(assumptions))
    }

    /// The object that a name stands for, with the attribute of a module behind a dot.
    pub fn object(&self, name: &str) -> PyResult<Py<PyAny>> {
        let (global, attribute) = name.split_once('.').unwrap_or((name, ""));
        let missing = || pyo3::exceptions::PyNameError::new_err(global.to_owned());
        let found = self.lookup(global).ok_or_else(missing)?;
        match attribute {
            "" => Ok(found.unbind()),
            _ => Ok(found.getattr(attribute)?.unbind()),
        }
    }
}

fn rely_on(assumptions: &Assumptions, dict: &Bound<'_, PyDict>, name: &str) -> Result<(), Failure> {
    let key = PyString::intern(dict.py(), name);
    // SAFETY: the dictionary and the interned string are live, and the GIL is held.
    match unsafe { assumptions.rely_on(dict.as_ptr().cast(), key.as_ptr().cast()) } {
        true => Ok(()),
        false => Err(Failure::Bug(format!("the name {name} cannot be watched"))),
    }
}

/// What a value means to the passes, as MLIR writes it.
fn meaning(
    name: &str,
    value: &Bound<'_, PyAny>,
    names: &IndexSet<&str>,
    is_typed: bool,
) -> Option<String> {
    let builtin = format!("builtins.{name}");
    if functions::is_known(&builtin) || TYPES.contains(&name) {
        // The passes take what is known by the name of a builtin for that builtin.
        return path(name, value).filter(|path| *path == format!("{builtin:?}"));
    }
    if let Ok(module) = value.cast_exact::<PyModule>() {
        let name: String = module.getattr("__name__").ok()?.extract().ok()?;
        // The scalars that NumPy's functions yield are objects.
        let known = matches!(name.as_str(), "math" | "cmath") || name == "numpy" && !is_typed;
        let original = known
            && names
                .iter()
                .all(|attribute| is_original(module, &name, attribute));
        return original.then(|| format!("{name:?}"));
    }
    number(value).or_else(|| path(name, value))
}

/// Whether an attribute of a module is what it was when the interpreter made the module, as far as that matters.
fn is_original(module: &Bound<'_, PyModule>, name: &str, attribute: &str) -> bool {
    let path = format!("{name}.{attribute}");
    let constant = functions::constant(&path);
    if constant.is_none() && !functions::is_known(&path) {
        return true;
    }
    let Ok(value) = module.getattr(attribute) else {
        return false;
    };
    let same = |one: f64, other: f64| one.to_bits() == other.to_bits();
    match constant {
        Some(Constant::Float(constant)) => value
            .cast_exact::<PyFloat>()
            .is_ok_and(|value| same(value.value(), constant)),
        Some(Constant::Complex(real, imaginary)) => value
            .cast_exact::<PyComplex>()
            .is_ok_and(|value| same(value.real(), real) && same(value.imag(), imaginary)),
        None if name == "numpy" => is_own_ufunc(&path, &value),
        None => {
            let text = |name: &str| {
                value
                    .getattr(name)
                    .and_then(|text| text.extract::<String>())
            };
            value.cast_exact::<PyCFunction>().is_ok()
                && text("__module__").is_ok_and(|module| module == name)
                && text("__name__").is_ok_and(|own| own == attribute)
        }
    }
}

/// Whether a value is the function of NumPy that has that name: in `numpy` anybody can replace it.
fn is_own_ufunc(path: &str, value: &Bound<'_, PyAny>) -> bool {
    let Some(name) = ufuncs::own_name(path) else {
        return false;
    };
    let own = CString::new(name).ok().and_then(|name| {
        // SAFETY: a `Bound` witnesses that the GIL is held.
        unsafe { function(&name) }
    });
    own.is_some_and(|own| own.get().cast() == value.as_ptr())
}

/// What is known of a module and of the numbers in it, as pairs.
fn in_module(name: &str, value: &Bound<'_, PyAny>, names: &IndexSet<&str>) -> Vec<String> {
    let Ok(module) = value.cast_exact::<PyModule>() else {
        return Vec::new();
    };
    let dict = module.dict();
    let mut pairs: Vec<_> = names
        .iter()
        .filter_map(|attribute| {
            let value = dict.get_item(attribute).ok()??;
            let meaning = number(&value).or_else(|| tuple(&value))?;
            Some(format!("[{:?}, {meaning}]", format!("{name}.{attribute}")))
        })
        .collect();
    if !pairs.is_empty() {
        // No function has such a name.
        pairs.push(format!("[{name:?}, \"module {name}\"]"));
    }
    pairs
}

/// A tuple of numbers, or an `int` of more than 64 bits, by its text. What else is in a tuple the passes find out.
fn tuple(value: &Bound<'_, PyAny>) -> Option<String> {
    let kind = match () {
        () if value.is_exact_instance_of::<PyTuple>() => "tuple",
        () if value.is_exact_instance_of::<PyInt>() => "int",
        () => return None,
    };
    let text = code::constant(value, 0).ok()?.to_string();
    Some(format!("{{kind = {kind:?}, repr = {}}}", quoted(&text)?))
}

/// Text that MLIR reads as it is.
fn quoted(text: &str) -> Option<String> {
    let is_plain = |letter: char| letter.is_ascii_graphic() || letter == ' ';
    let plain = text
        .chars()
        .all(|letter| is_plain(letter) && !"\"\\".contains(letter));
    plain.then(|| format!("{text:?}"))
}

fn number(value: &Bound<'_, PyAny>) -> Option<String> {
    if let Ok(value) = value.cast_exact::<PyBool>() {
        return Some(value.is_true().to_string());
    }
    if let Ok(value) = value.cast_exact::<PyInt>() {
        return Some(format!("{} : i64", value.extract::<i64>().ok()?));
    }
    if let Ok(value) = value.cast_exact::<PyFloat>() {
        return Some(float(value.value()));
    }
    let value = value.cast_exact::<PyComplex>().ok()?;
    Some(format!(
        "[{}, {}]",
        float(value.real()),
        float(value.imag())
    ))
}

/// By its bits, which is exact and has a form for what is no number.
fn float(value: f64) -> String {
    format!("0x{:016X} : f64", value.to_bits())
}

/// The full name of a function that computes natively, and of a builtin type.
fn path(name: &str, value: &Bound<'_, PyAny>) -> Option<String> {
    let module: String = value.getattr("__module__").ok()?.extract().ok()?;
    let own: String = value.getattr("__name__").ok()?.extract().ok()?;
    let path = format!("{module}.{own}");
    let known = functions::is_known(&path) || TYPES.contains(&own.as_str()) && own == name;
    if !known || !is_made_in_c(value) {
        return None;
    }
    let original = import(value.py(), &module)
        .ok()?
        .getattr(own.as_str())
        .ok()?;
    original.is(value).then(|| format!("{path:?}"))
}

/// Whether a value is a builtin function or type: a function in Python can have the names of one.
fn is_made_in_c(value: &Bound<'_, PyAny>) -> bool {
    match value.cast::<PyType>() {
        // SAFETY: the type is alive.
        Ok(class) => unsafe { (*class.as_type_ptr()).tp_flags & Py_TPFLAGS_HEAPTYPE == 0 },
        Err(_) => value.cast_exact::<PyCFunction>().is_ok(),
    }
}

/// The builtin of that name. Where the name stands for something else now, an object that nothing is identical to.
///
/// # Errors
/// When memory is short.
pub fn builtin(py: Python<'_>, name: &str) -> PyResult<Py<PyAny>> {
    let builtins = import(py, "builtins")?;
    let wanted = format!("{:?}", format!("builtins.{name}"));
    let found = builtins.getattr(name).ok();
    let found = found.filter(|value| path(name, value).is_some_and(|path| path == wanted));
    match found {
        Some(found) => Ok(found.unbind()),
        None => Ok(PyList::empty(py).into_any().unbind()),
    }
}

/// The globals that a code object itself assigns.
fn assigned(code: &Code) -> Vec<&str> {
    let (mut names, mut extended) = (Vec::new(), 0);
    for unit in code.code.chunks_exact(2) {
        let operand = extended << 8 | usize::from(unit[1]);
        extended = 0;
        match Program::table().row(unit[0]).map(|row| row.opcode) {
            Some(Opcode::ExtendedArg) => extended = operand,
            Some(Opcode::StoreGlobal | Opcode::DeleteGlobal) => {
                names.extend(code.names.get(operand).map(String::as_str));
            }
            _ => {}
        }
    }
    names
}

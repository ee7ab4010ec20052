//! From CPython's code object to the frontend's plain [`Code`].

use crate::{errors::UnsupportedError, source::Excerpt};
use pyo3::{
    prelude::*,
    types::{
        PyBool, PyBytes, PyCode, PyComplex, PyEllipsis, PyFloat, PyFrozenSet, PyInt, PyString,
        PyTuple,
    },
};
use stepwell_frontend::{Code, CodeRef, Const, Program, Slot, bytecode::Opcode};

/// How deep constants may be nested before they are opaque to the compiler.
const DEEPEST: usize = 32;

/// What may stand in front of a function's RESUME.
const PROLOGUE: [Opcode; 4] = [
    Opcode::CopyFreeVars,
    Opcode::MakeCell,
    Opcode::ReturnGenerator,
    Opcode::PopTop,
];

/// Copies a code object. Its bytecode is what the compiler made, whatever the interpreter has specialised since.
pub fn extract(code: &Bound<'_, PyCode>) -> PyResult<Code> {
    let slots = Slot::layout(
        &code.getattr("co_varnames")?.extract::<Vec<String>>()?,
        &code.getattr("co_cellvars")?.extract::<Vec<String>>()?,
        &code.getattr("co_freevars")?.extract::<Vec<String>>()?,
    );
    let consts = code.getattr("co_consts")?.cast_into::<PyTuple>()?;
    Ok(Code {
        name: code.getattr("co_name")?.extract()?,
        qualname: code.getattr("co_qualname")?.extract()?,
        filename: code.getattr("co_filename")?.to_string(),
        firstlineno: first_line(code)?,
        flags: code.getattr("co_flags")?.extract()?,
        argcount: code.getattr("co_argcount")?.extract()?,
        posonlyargcount: code.getattr("co_posonlyargcount")?.extract()?,
        kwonlyargcount: code.getattr("co_kwonlyargcount")?.extract()?,
        slots,
        names: code.getattr("co_names")?.extract()?,
        consts: constants(consts.iter(), 0)?,
        stacksize: code.getattr("co_stacksize")?.extract()?,
        code: bytes(code, "co_code")?,
        exceptiontable: bytes(code, "co_exceptiontable")?,
        linetable: bytes(code, "co_linetable")?,
    })
}

/// A code object may claim any line; one that is no line is 0.
fn first_line(code: &Bound<'_, PyCode>) -> PyResult<u32> {
    let line: i64 = code.getattr("co_firstlineno")?.extract()?;
    Ok(line.try_into().unwrap_or(0))
}

fn bytes(code: &Bound<'_, PyCode>, name: &str) -> PyResult<Vec<u8>> {
    let value = code.getattr(name)?.cast_into::<PyBytes>()?;
    Ok(value.as_bytes().to_vec())
}

fn constants<'py>(
    items: impl Iterator<Item = Bound<'py, PyAny>>,
    depth: usize,
) -> PyResult<Vec<Const>> {
    items.map(|item| constant(&item, depth)).collect()
}

/// What a constant is to the compiler, `depth` tuples deep.
pub fn constant(value: &Bound<'_, PyAny>, depth: usize) -> PyResult<Const> {
    if value.is_none() {
        Ok(Const::None)
    } else if let Ok(value) = value.cast_exact::<PyBool>() {
        Ok(Const::Bool(value.is_true()))
    } else if let Ok(value) = value.cast_exact::<PyInt>() {
        Ok(integer(value))
    } else if let Ok(value) = value.cast_exact::<PyFloat>() {
        Ok(Const::Float(value.value()))
    } else if let Ok(value) = value.cast_exact::<PyComplex>() {
        Ok(Const::Complex(value.real(), value.imag()))
    } else if let Ok(value) = value.cast_exact::<PyString>() {
        Ok(value.to_str().map_or_else(
            |_| Const::Other("str".into()),
            |text| Const::Str(text.into()),
        ))
    } else if let Ok(value) = value.cast_exact::<PyBytes>() {
        Ok(Const::Bytes(value.as_bytes().to_vec()))
    } else if value.is_instance_of::<PyEllipsis>() {
        Ok(Const::Ellipsis)
    } else if depth < DEEPEST {
        nested(value, depth)
    } else {
        opaque(value)
    }
}

fn nested(value: &Bound<'_, PyAny>, depth: usize) -> PyResult<Const> {
    if let Ok(items) = value.cast_exact::<PyTuple>() {
        Ok(Const::Tuple(constants(items.iter(), depth + 1)?))
    } else if let Ok(items) = value.cast_exact::<PyFrozenSet>() {
        let mut items = constants(items.iter(), depth + 1)?;
        // Sets of strings are in another order in each process; dumps are not.
        items.sort_by_cached_key(ToString::to_string);
        Ok(Const::FrozenSet(items))
    } else if let Ok(code) = value.cast_exact::<PyCode>() {
        Ok(Const::Code(CodeRef {
            name: code.getattr("co_name")?.extract()?,
            qualname: code.getattr("co_qualname")?.extract()?,
            firstlineno: first_line(code)?,
        }))
    } else {
        opaque(value)
    }
}

fn opaque(value: &Bound<'_, PyAny>) -> PyResult<Const> {
    Ok(Const::Other(value.get_type().qualname()?.to_string()))
}

/// CPython refuses to write very long integers in decimal; they are opaque then.
fn integer(value: &Bound<'_, PyInt>) -> Const {
    match value.extract() {
        Ok(value) => Const::Int(value),
        Err(_) => value.str().map_or_else(
            |_| Const::Other("int".into()),
            |text| Const::BigInt(text.to_string()),
        ),
    }
}

/// Why bytecode that is not this interpreter's is refused.
pub const FOREIGN: &str = "its bytecode is not CPython 3.13's";

/// Whether bytecode is this interpreter's. Any code object says it is; but each version numbers its opcodes anew, and
/// every function of CPython 3.13 begins with RESUME behind what sets up its cells or makes its generator.
pub fn is_of_this_version(code: &Bound<'_, PyCode>) -> PyResult<bool> {
    let bytecode = bytes(code, "co_code")?;
    let mut opcodes = bytecode
        .chunks_exact(2)
        .map(|unit| Program::table().row(unit[0]).map(|row| row.opcode))
        .skip_while(|opcode| opcode.is_some_and(|opcode| PROLOGUE.contains(&opcode)));
    Ok(opcodes.next().flatten() == Some(Opcode::Resume))
}

/// Refuses bytecode that is not this interpreter's.
///
/// # Errors
/// `UnsupportedError` that names the function.
pub fn check_version(function: &Bound<'_, PyAny>, code: &Bound<'_, PyCode>) -> PyResult<()> {
    if is_of_this_version(code)? {
        return Ok(());
    }
    let excerpt = Excerpt::at_start(function);
    let hint = "compile its source again with this interpreter";
    Err(UnsupportedError::new_err(excerpt.message(
        function.py(),
        FOREIGN,
        hint,
    )))
}

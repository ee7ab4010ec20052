//! The tables that compiled code reaches the world through: what the passes ask for, and the objects that fill it.

use crate::{
    callees::Callee,
    errors::Failure,
    globals::{self, Scope},
};
use melior::ir::{
    Module,
    attribute::{ArrayAttribute, DenseI32ArrayAttribute, IntegerAttribute, StringAttribute},
    operation::OperationLike,
};
use pyo3::{
    prelude::*,
    types::{PyCode, PyList, PyString, PyTuple},
};
use stepwell_jit::CompiledUnit;
use stepwell_runtime::{seen::Place, unit::ExitSite};

/// An object that compiled code refers to by number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ref {
    /// `co_consts[index]`.
    Const(usize),
    /// An interned name.
    Name(String),
    /// What the interpreter's module `builtins` has under that name.
    Builtin(String),
    /// A method of a builtin type: the names of the type and of the method, with a dot in between.
    Method(String),
    /// The code of the generators that the global of that name makes.
    Generator(String),
    /// The code of the function that a global name stands for.
    Code(String),
    /// What a global name stands for, with an attribute of it behind a dot.
    Global(String),
}

/// The objects of a table. Dropping it gives the references back, so it lives as long as the code.
pub struct Table {
    _objects: Vec<Py<PyAny>>,
}

impl Table {
    /// Fills the table `refs` of a unit.
    ///
    /// # Errors
    /// [`Failure::Bug`] when the module asks for what there is not.
    pub fn fill(
        unit: &CompiledUnit,
        refs: &[Ref],
        code: &Bound<'_, PyCode>,
        callees: &[Callee],
        scope: Option<&Scope<'_>>,
    ) -> Result<Self, Failure> {
        let consts = code
            .getattr("co_consts")?
            .cast_into::<PyTuple>()
            .map_err(PyErr::from)?;
        let objects: Vec<_> = refs
            .iter()
            .map(|wanted| wanted.object(&consts, callees, scope))
            .collect::<Result<_, Failure>>()?;
        if !objects.is_empty() {
            let table = unit
                .data("refs")
                .ok_or_else(|| Failure::Bug("the module has no table `refs`".into()))?
                .cast::<*mut pyo3::ffi::PyObject>();
            for (index, object) in objects.iter().enumerate() {
                // SAFETY: the module declares the table with one entry for each of its `stepwell.refs`, and no code
                // of the unit runs yet.
                unsafe { table.add(index).write(object.as_ptr()) };
            }
        }
        Ok(Self { _objects: objects })
    }
}

impl Ref {
    fn object(
        &self,
        consts: &Bound<'_, PyTuple>,
        callees: &[Callee],
        scope: Option<&Scope<'_>>,
    ) -> Result<Py<PyAny>, Failure> {
        match self {
            Self::Generator(name) => callees
                .iter()
                .find(|callee| callee.name == *name)
                .map(|callee| callee.object.clone_ref(consts.py()).into_any())
                .ok_or_else(|| malformed("stepwell.refs")),
            Self::Code(name) => match scope {
                Some(scope) => {
                    let function = scope.object(name)?;
                    Ok(function.getattr(consts.py(), "__code__")?)
                }
                None => Err(malformed("stepwell.refs")),
            },
            Self::Const(index) => Ok(consts.get_item(*index)?.unbind()),
            Self::Builtin(name) => Ok(globals::builtin(consts.py(), name)?),
            Self::Method(name) if name == "list.append" => {
                let list = consts.py().get_type::<PyList>();
                Ok(list.getattr("append")?.unbind())
            }
            Self::Method(_) => Err(malformed("stepwell.refs")),
            Self::Global(name) => match scope {
                Some(scope) => Ok(scope.object(name)?),
                None => Err(malformed("stepwell.refs")),
            },
            Self::Name(name) => Ok(PyString::intern(consts.py(), name).into_any().unbind()),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        match text.split_once(' ')? {
            ("const", index) => index.parse().ok().map(Self::Const),
            ("method", name) => Some(Self::Method(name.to_owned())),
            ("builtin", name) => Some(Self::Builtin(name.to_owned())),
            ("generator", name) => Some(Self::Generator(name.to_owned())),
            ("code", name) => Some(Self::Code(name.to_owned())),
            ("global", name) => Some(Self::Global(name.to_owned())),
            ("name", name) => Some(Self::Name(name.to_owned())),
            _ => None,
        }
    }
}

/// What the module wants in its table, by its attribute `stepwell.refs`.
pub fn read(module: &Module) -> Result<Vec<Ref>, Failure> {
    rows(module, "stepwell.refs")?
        .map(|row| {
            let row = row.map_err(|_| malformed("stepwell.refs"))?;
            StringAttribute::try_from(row)
                .ok()
                .and_then(|text| Ref::parse(text.value()))
                .ok_or_else(|| malformed("stepwell.refs"))
        })
        .collect()
}

/// The global names that the code takes for known, by its attribute `stepwell.assumes`.
pub fn read_assumes(module: &Module) -> Result<Vec<String>, Failure> {
    rows(module, "stepwell.assumes")?
        .map(|row| {
            let row = row.map_err(|_| malformed("stepwell.assumes"))?;
            let name = StringAttribute::try_from(row).map_err(|_| malformed("stepwell.assumes"))?;
            Ok(name.value().to_owned())
        })
        .collect()
}

/// The exits of the module by number, by its attribute `stepwell.exits`.
pub fn read_exits(module: &Module) -> Result<Vec<ExitSite>, Failure> {
    rows(module, "stepwell.exits")?
        .map(|row| {
            row.ok()
                .and_then(|row| ArrayAttribute::try_from(row).ok())
                .and_then(exit_site)
                .ok_or_else(|| malformed("stepwell.exits"))
        })
        .collect()
}

/// The parameters that can be any object, by the attribute `stepwell.untyped` of the module.
///
/// # Errors
/// When the attribute is malformed.
pub fn read_untyped(module: &Module) -> Result<Vec<usize>, Failure> {
    read_numbers(module, "stepwell.untyped")
}

/// Reads which results of instructions are noted.
///
/// # Errors
/// When the attribute is not what the passes write.
pub fn read_noted(module: &Module) -> Result<Vec<Place>, Failure> {
    let numbers: Vec<u32> = read_numbers(module, "stepwell.noted")?;
    let pairs = numbers.chunks_exact(2);
    Ok(pairs.map(|pair| (pair[0], pair[1])).collect())
}

fn read_numbers<N: TryFrom<i32>>(module: &Module, name: &str) -> Result<Vec<N>, Failure> {
    let Ok(attribute) = module.as_operation().attribute(name) else {
        return Ok(Vec::new());
    };
    let numbers = DenseI32ArrayAttribute::try_from(attribute).map_err(|_| malformed(name))?;
    (0..numbers.len())
        .map(|index| {
            let number = numbers.element(index).map_err(|_| malformed(name))?;
            N::try_from(number).map_err(|_| malformed(name))
        })
        .collect()
}

fn exit_site(row: ArrayAttribute) -> Option<ExitSite> {
    let number = |index| {
        let attribute = IntegerAttribute::try_from(row.element(index).ok()?).ok()?;
        u32::try_from(attribute.value()).ok()
    };
    let reason = StringAttribute::try_from(row.element(2).ok()?).ok()?;
    Some(ExitSite {
        offset: number(0)?,
        line: number(1)?,
        reason: reason.value().to_owned(),
    })
}

/// The entries of an attribute that is an array; none when the module does not have it.
fn rows<'c>(
    module: &Module<'c>,
    name: &str,
) -> Result<impl Iterator<Item = Result<melior::ir::Attribute<'c>, melior::Error>>, Failure> {
    let array = match module.as_operation().attribute(name) {
        Ok(attribute) => Some(ArrayAttribute::try_from(attribute).map_err(|_| malformed(name))?),
        Err(_) => None,
    };
    let count = array.as_ref().map_or(0, ArrayAttribute::len);
    Ok((0..count).filter_map(move |index| array.as_ref().map(|array| array.element(index))))
}

fn malformed(name: &str) -> Failure {
    Failure::Bug(format!("the module's attribute {name} is malformed"))
}

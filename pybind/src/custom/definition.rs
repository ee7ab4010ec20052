use super::{anchor::anchor, registered};
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    types::{PyDict, PyTuple},
};
use std::{fmt, sync::Arc};
use stepwell_dialects::ownership::op_info;
use stepwell_passes::Anchor;

/// What a pass is called with.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Each operation of that name.
    Rewrite(String),
    /// The module.
    Module,
}

/// A pass written in Python.
pub struct Definition {
    /// That of the function.
    pub name: String,
    pub description: String,
    /// File and line of the function.
    pub source: String,
    pub function: Py<PyAny>,
    pub kind: Kind,
    pub anchor: Anchor,
}

/// The passes of one function, in order. They are equal when they are the same objects.
#[derive(Clone, Default)]
pub struct Passes(pub Vec<Arc<Definition>>);

impl PartialEq for Passes {
    fn eq(&self, other: &Self) -> bool {
        self.0.len() == other.0.len()
            && self
                .0
                .iter()
                .zip(&other.0)
                .all(|(one, other)| Arc::ptr_eq(one, other))
    }
}

impl Eq for Passes {}

impl fmt::Debug for Passes {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        write!(formatter, "{self}")
    }
}

/// Their names, in brackets.
impl fmt::Display for Passes {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        let names: Vec<_> = self.0.iter().map(|pass| pass.name.as_str()).collect();
        write!(formatter, "[{}]", names.join(", "))
    }
}

impl Passes {
    /// What was given as `jit(passes=[...])`.
    ///
    /// # Errors
    /// `TypeError` when it is not a sequence of passes.
    pub fn given(passes: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let Some(passes) = passes else {
            return Ok(Self::default());
        };
        let wrong = |what: &Bound<'_, PyAny>| {
            let what = what
                .get_type()
                .name()
                .map_or("object".into(), |name| name.to_string());
            PyTypeError::new_err(format!(
                "passes is a list of what @stepwell.rewrite and @stepwell.module_pass make, and not of {what}"
            ))
        };
        let mut definitions = Vec::new();
        for pass in passes.try_iter().map_err(|_| wrong(passes))? {
            let pass = pass?;
            let pass = pass.cast::<CustomPass>().map_err(|_| wrong(&pass))?;
            definitions.push(Arc::clone(&pass.get().0));
        }
        Ok(Self(definitions))
    }
}

/// A pass, as the decorators make it. Calling it calls the function.
#[pyclass(frozen, module = "stepwell")]
pub struct CustomPass(Arc<Definition>);

#[pymethods]
impl CustomPass {
    /// The name in statistics and messages.
    #[getter(__name__)]
    fn name(&self) -> &str {
        &self.0.name
    }

    #[getter(__wrapped__)]
    fn wrapped(&self, py: Python<'_>) -> Py<PyAny> {
        self.0.function.clone_ref(py)
    }

    /// Runs it for every function that is compiled from now on.
    fn register(&self) {
        registered::add(&self.0);
    }

    /// Undoes `register`. What has been compiled stays.
    fn unregister(&self) {
        registered::remove(&self.0);
    }

    #[pyo3(signature = (*args, **kwargs))]
    fn __call__<'py>(
        &self,
        py: Python<'py>,
        args: &Bound<'py, PyTuple>,
        kwargs: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.0.function.bind(py).call(args, kwargs)
    }

    fn __repr__(&self) -> String {
        let what = match &self.0.kind {
            Kind::Rewrite(root) => format!("rewrite of {root}"),
            Kind::Module => "module pass".to_owned(),
        };
        let place = match &self.0.anchor {
            Anchor::Before(name) => format!("before {name}"),
            Anchor::After(name) => format!("after {name}"),
        };
        format!("<{what} {} {place}, {}>", self.0.name, self.0.source)
    }
}

/// `rewrite` or `module_pass` with its arguments, waiting for the function.
#[pyclass(frozen, module = "stepwell")]
pub struct PassDecorator {
    kind: Kind,
    anchor: Anchor,
    everywhere: bool,
}

#[pymethods]
impl PassDecorator {
    /// Makes a pass of a function.
    #[pyo3(signature = (func, /))]
    fn __call__(&self, func: &Bound<'_, PyAny>) -> PyResult<CustomPass> {
        if !func.is_callable() {
            return Err(PyTypeError::new_err("a pass is a function"));
        }
        let pass = CustomPass(Arc::new(Definition {
            name: text(func, "__name__").unwrap_or_else(|| "custom-pass".to_owned()),
            description: description(func),
            source: source(func),
            function: func.clone().unbind(),
            kind: self.kind.clone(),
            anchor: self.anchor.clone(),
        }));
        if self.everywhere {
            pass.register();
        }
        Ok(pass)
    }
}

/// A pass that is called as `(op, rewriter)` with each operation of the name `root` that is there when it begins.
#[pyfunction]
#[pyo3(
    signature = (root, /, *, before=None, after=None, everywhere=false),
    text_signature = "(root, /, *, before=None, after=None, everywhere=False)"
)]
pub fn rewrite(
    root: String,
    before: Option<&str>,
    after: Option<&str>,
    everywhere: bool,
) -> PyResult<PassDecorator> {
    let ours = ["py.", "num.", "state."]
        .iter()
        .any(|dialect| root.starts_with(dialect));
    if !root.contains('.') || (ours && op_info(&root).is_none()) {
        return Err(PyValueError::new_err(format!(
            "there is no operation {root:?}; docs/dialects lists those of py, num and state"
        )));
    }
    Ok(PassDecorator {
        kind: Kind::Rewrite(root),
        anchor: anchor(before, after)?,
        everywhere,
    })
}

/// A pass that is called with the module.
#[pyfunction]
#[pyo3(
    signature = (*, before=None, after=None, everywhere=false),
    text_signature = "(*, before=None, after=None, everywhere=False)"
)]
pub fn module_pass(
    before: Option<&str>,
    after: Option<&str>,
    everywhere: bool,
) -> PyResult<PassDecorator> {
    Ok(PassDecorator {
        kind: Kind::Module,
        anchor: anchor(before, after)?,
        everywhere,
    })
}

fn text(object: &Bound<'_, PyAny>, name: &str) -> Option<String> {
    object.getattr(name).and_then(|text| text.extract()).ok()
}

fn description(function: &Bound<'_, PyAny>) -> String {
    let first = text(function, "__doc__").and_then(|doc| {
        let line = doc.trim().lines().next().map(str::to_owned);
        line.filter(|line| !line.is_empty())
    });
    first.unwrap_or_else(|| "A pass written in Python.".to_owned())
}

/// `file.py:12`, where the function begins.
fn source(function: &Bound<'_, PyAny>) -> String {
    let place = || -> PyResult<String> {
        let code = function.getattr("__code__")?;
        let file: String = code.getattr("co_filename")?.extract()?;
        let line: u32 = code.getattr("co_firstlineno")?.extract()?;
        Ok(format!("{file}:{line}"))
    };
    place().unwrap_or_else(|_| function.get_type().to_string())
}

//! `stepwell.jit`.

use crate::{
    code::check_version,
    compiler::compile_now,
    custom::Passes,
    errors::UnsupportedError,
    function::{code_of, function_in, method_wrapper},
    options::{self, Options, opt_level, refuse_idle, refuse_unknown},
    plan::Plans,
    source::Excerpt,
    units::{Settings, attach, claim, unit_of},
};
use pyo3::{
    ffi,
    prelude::*,
    types::{PyCode, PyDict, PyFunction},
};
use std::any::Any;
use stepwell_frontend::Flags;
use stepwell_runtime::call;

/// Compiles a Python function.
///
/// Without a function it gives a decorator with these options.
#[pyfunction]
#[pyo3(
    signature = (func=None, *, mode="auto", opt_level=3, vectorize=true, signature=None, overflow=None, fastmath=None, boundscheck=true, inline=true, parallel=false, lazy=false, passes=None, baseline=true, **unknown),
    text_signature = "(func=None, *, mode='auto', opt_level=3, vectorize=True, signature=None, overflow=None, fastmath=None, boundscheck=True, inline=True, parallel=False, lazy=False, passes=None, baseline=True)"
)]
#[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
pub fn jit<'py>(
    py: Python<'py>,
    func: Option<Bound<'py, PyAny>>,
    mode: &str,
    opt_level: i64,
    vectorize: bool,
    signature: Option<&Bound<'py, PyAny>>,
    overflow: Option<&str>,
    fastmath: Option<&Bound<'py, PyAny>>,
    boundscheck: bool,
    inline: bool,
    parallel: bool,
    lazy: bool,
    passes: Option<&Bound<'py, PyAny>>,
    baseline: bool,
    unknown: Option<&Bound<'py, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    refuse_unknown(unknown)?;
    refuse_idle(parallel)?;
    let plans = Plans::given(signature)?;
    let named = options::mode(mode)?;
    let mode = match (named.name, plans.mode()) {
        ("auto", Some(mode)) => mode,
        _ => named,
    };
    let options = Options {
        mode,
        overflow: options::overflow(mode, overflow)?,
        plans,
        fastmath: options::fastmath(fastmath)?,
        boundscheck,
        inline,
        opt_level: self::opt_level(opt_level)?,
        baseline,
        vectorize,
        lazy,
        passes: Passes::given(passes)?,
    };
    match func {
        Some(func) => compile(&func, &options),
        None => Ok(Bound::new(py, Decorator { options })?.into_any()),
    }
}

/// `jit` with its options, waiting for the function.
#[pyclass(frozen, module = "stepwell")]
pub struct Decorator {
    options: Options,
}

#[pymethods]
impl Decorator {
    /// Compiles a function.
    #[pyo3(signature = (func, /))]
    fn __call__<'py>(&self, func: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        compile(func, &self.options)
    }

    fn __repr__(&self) -> String {
        let Options {
            mode,
            opt_level,
            vectorize,
            lazy,
            passes,
            ..
        } = &self.options;
        let python = |flag: bool| if flag { "True" } else { "False" };
        let passes = match passes.0.as_slice() {
            [] => String::new(),
            _ => format!(", passes={passes}"),
        };
        format!(
            "stepwell.jit(mode='{}', opt_level={opt_level}, vectorize={}, lazy={}{passes})",
            mode.name,
            python(*vectorize),
            python(*lazy)
        )
    }
}

/// Compiles what was given: a function, or the function in a `staticmethod` or `classmethod`.
fn compile<'py>(object: &Bound<'py, PyAny>, options: &Options) -> PyResult<Bound<'py, PyAny>> {
    let function = function_in(object)?;
    let compiled = compile_function(&function, options)?;
    match method_wrapper(object)? {
        None => Ok(compiled.into_any()),
        Some(_) if compiled.is(&function) => Ok(object.clone()),
        Some(_) => object.get_type().call1((compiled,)),
    }
}

fn compile_function<'py>(
    function: &Bound<'py, PyFunction>,
    options: &Options,
) -> PyResult<Bound<'py, PyFunction>> {
    check_interpreter()?;
    let code = code_of(function)?;
    if unit_of(&code).is_none() {
        check_version(function, &code)?;
    }
    if options.is_typed() {
        let mut options = options.clone();
        options.plans.annotate(function, &code)?;
        return compile_copy(function, &code, &options);
    }
    let code = separate(function, code, options)?;
    install(function, options)?;
    let unit = attach(&code, options)?;
    claim(unit);
    if Settings::of(unit).is_some_and(|settings| settings.change(options)) {
        unit.renew();
    }
    if options.mode.name == "object" && !options.lazy {
        // A refusal is for the statistics: the interpreter runs the function.
        let _ = compile_now(function, options);
    }
    Ok(function.clone())
}

/// The compiler, and what it keeps with code objects, are the main interpreter's.
fn check_interpreter() -> PyResult<()> {
    // SAFETY: the GIL is held.
    match unsafe { ffi::PyInterpreterState_Get() == ffi::PyInterpreterState_Main() } {
        true => Ok(()),
        false => Err(UnsupportedError::new_err(
            "stepwell compiles functions of the main interpreter only",
        )),
    }
}

/// Gives a function that has passes of its own a code object of its own, so that it shares no machine code with the other
/// functions of that code object.
fn separate<'py>(
    function: &Bound<'py, PyFunction>,
    code: Bound<'py, PyCode>,
    options: &Options,
) -> PyResult<Bound<'py, PyCode>> {
    let current = unit_of(&code).and_then(Settings::of).map(Settings::options);
    let none = Passes::default();
    if *current.as_ref().map_or(&none, |current| &current.passes) == options.passes {
        return Ok(code);
    }
    let unit = attach(&code, &Options::default())?;
    let Some(settings) = Settings::of(unit) else {
        return Err(crate::errors::CompilerBug::new_err(
            "a unit without settings",
        ));
    };
    let copy = settings.copy(&code, options)?;
    function.setattr("__code__", &copy)?;
    Ok(copy)
}

/// The function that a typed mode makes: the same in everything but its code object.
fn compile_copy<'py>(
    function: &Bound<'py, PyFunction>,
    code: &Bound<'py, PyCode>,
    options: &Options,
) -> PyResult<Bound<'py, PyFunction>> {
    refuse_untypeable(function, code, options)?;
    let unit = attach(code, &Options::default())?;
    let Some(settings) = Settings::of(unit) else {
        return Err(crate::errors::CompilerBug::new_err(
            "a unit without settings",
        ));
    };
    let copy = copy_function(function, &settings.copy(code, options)?)?;
    install(&copy, options)?;
    if options.numbers().own {
        attach(&code_of(&copy)?, options)?.compute_by_own_rules();
    }
    if !options.lazy {
        compile_now(&copy, options)?;
    }
    Ok(copy)
}

fn install(function: &Bound<'_, PyFunction>, options: &Options) -> PyResult<()> {
    let settings: Box<dyn Any> = Box::new(Settings::new(options.clone()));
    // SAFETY: it is a function, and the GIL is held.
    if unsafe { call::install(function.as_ptr().cast(), settings) } {
        Ok(())
    } else {
        Err(PyErr::fetch(function.py()))
    }
}

/// A function like `function` that has `code`.
fn copy_function<'py>(
    function: &Bound<'py, PyFunction>,
    code: &Bound<'py, PyCode>,
) -> PyResult<Bound<'py, PyFunction>> {
    let arguments = (
        code,
        function.getattr("__globals__")?,
        function.getattr("__name__")?,
        function.getattr("__defaults__")?,
        function.getattr("__closure__")?,
        function.getattr("__kwdefaults__")?,
    );
    let copy = function.get_type().call1(arguments)?;
    for name in [
        "__qualname__",
        "__module__",
        "__doc__",
        "__annotations__",
        "__type_params__",
    ] {
        copy.setattr(name, function.getattr(name)?)?;
    }
    copy.getattr("__dict__")?
        .call_method1("update", (function.getattr("__dict__")?,))?;
    Ok(copy.cast_into::<PyFunction>()?)
}

/// Refuses functions that are bound to make objects.
fn refuse_untypeable(
    function: &Bound<'_, PyFunction>,
    code: &Bound<'_, PyCode>,
    options: &Options,
) -> PyResult<()> {
    let flags: u32 = code.getattr("co_flags")?.extract()?;
    let makers = Flags::GENERATOR | Flags::COROUTINE | Flags::ASYNC_GENERATOR;
    let objection = if flags & makers != 0 {
        "a generator or coroutine is an object"
    } else if flags & Flags::VARARGS != 0 {
        "a parameter with a star is a tuple"
    } else if flags & Flags::VARKEYWORDS != 0 {
        "a parameter with two stars is a dict"
    } else {
        return Ok(());
    };
    let reason = format!(
        "{objection}, and mode={:?} has no objects",
        options.mode.name
    );
    let excerpt = Excerpt::at_start(function);
    Err(UnsupportedError::new_err(excerpt.message(
        function.py(),
        &reason,
        USE_AUTO,
    )))
}

/// What to do about a function that a typed mode refuses.
pub const USE_AUTO: &str = "mode=\"auto\" compiles every function";

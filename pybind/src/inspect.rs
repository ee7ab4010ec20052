//! `stepwell.dump_ir` and `stepwell.passes`: the levels and the passes, to look at.

use crate::{
    callees::{self, Callee},
    code,
    compiler::unharmed,
    driver::Job,
    errors::Failure,
    function::{code_of, function_in},
    globals::Scope,
    hints::Hints,
    jit::USE_AUTO,
    options::Options,
    plan::Plan,
    this,
    units::{Settings, unit_of},
    workshop::Workshop,
};
use melior::ir::Module;
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    types::{PyBool, PyCode, PyComplex, PyFloat, PyFunction, PyInt, PyType},
};
use stepwell_dialects::ir::{PrintOptions, print_module};
use stepwell_frontend::Code;
use stepwell_jit::{Engine, Level as TextLevel};
use stepwell_passes::{Level, Observer, PassOutcome, PassReport};
use stepwell_runtime::tag::Tag;

/// The text of a function at a level.
#[pyfunction]
#[pyo3(
    signature = (func, level="llvmir", *, args=None, optimized=true, locations=false),
    text_signature = "(func, level='llvmir', *, args=None, optimized=True, locations=False)"
)]
pub fn dump_ir(
    func: &Bound<'_, PyAny>,
    level: &str,
    args: Option<Vec<Bound<'_, PyAny>>>,
    optimized: bool,
    locations: bool,
) -> PyResult<String> {
    let level: Level = level
        .parse()
        .map_err(|error: stepwell_passes::level::UnknownLevel| {
            PyValueError::new_err(error.to_string())
        })?;
    let view = View {
        level,
        optimized,
        locations,
    };
    view.check()?;
    let subject = Subject::new(func, args)?;
    subject.run(|job, workshop| view.text(job, workshop))
}

/// Runs the pipeline on a function and tells of each pass.
#[pyfunction]
#[pyo3(signature = (func, *, args=None), text_signature = "(func, *, args=None)")]
pub fn passes(
    func: &Bound<'_, PyAny>,
    args: Option<Vec<Bound<'_, PyAny>>>,
) -> PyResult<Vec<PassRecord>> {
    let subject = Subject::new(func, args)?;
    subject.run(|job, workshop| {
        let mut records = Recorder::default();
        let module = job.lift(workshop.context())?;
        job.lower(workshop.context(), &module, Level::Llvm, &mut records)?;
        Ok(records.0)
    })
}

/// What one pass did.
#[pyclass(frozen, get_all, module = "stepwell")]
pub struct PassRecord {
    name: String,
    level: Option<&'static str>,
    changed: bool,
    seconds: f64,
    ir: String,
}

#[pymethods]
impl PassRecord {
    fn __repr__(&self) -> String {
        format!(
            "<PassRecord {}: {}, {:.1} ms>",
            self.name,
            if self.changed { "changed" } else { "unchanged" },
            self.seconds * 1e3
        )
    }
}

#[derive(Default)]
struct Recorder(Vec<PassRecord>);

impl Observer for Recorder {
    fn after_pass(&mut self, report: PassReport, module: &Module) {
        self.0.push(PassRecord {
            name: report.name.to_owned(),
            level: report.level.map(Level::name),
            changed: report.outcome == PassOutcome::Changed,
            seconds: report.duration.as_secs_f64(),
            ir: print_module(module, PrintOptions::default()),
        });
    }
}

/// How to show a function.
struct View {
    level: Level,
    optimized: bool,
    locations: bool,
}

impl View {
    fn check(&self) -> PyResult<()> {
        let Self {
            level,
            optimized,
            locations,
        } = self;
        if !optimized && *level != Level::LlvmIr {
            return Err(PyValueError::new_err(format!(
                "optimized=False is for level llvmir, where it shows the IR before LLVM's passes; level {level} has one form"
            )));
        }
        if *locations && !level.is_mlir() {
            return Err(PyValueError::new_err(format!(
                "locations=True is for the levels of MLIR, from py to llvm, and not for {level}"
            )));
        }
        Ok(())
    }

    fn text(&self, job: &Job, workshop: &Workshop) -> Result<String, Failure> {
        if self.level == Level::Bytecode {
            return job.bytecode();
        }
        let context = workshop.context();
        let module = job.lift(context)?;
        job.lower(context, &module, self.level, &mut ())?;
        let level = match self.level {
            Level::LlvmIr => TextLevel::LlvmIr {
                optimised: self.optimized,
            },
            Level::Asm => TextLevel::Asm,
            _ => {
                let options = PrintOptions {
                    locations: self.locations,
                    ..Default::default()
                };
                return Ok(print_module(&module, options));
            }
        };
        Ok(Engine::get().emit_text(&module, &job.options.engine(job.baseline), level)?)
    }
}

/// A function to look at, with the types and options to look with.
pub struct Subject<'py> {
    function: Bound<'py, PyFunction>,
    /// Its body.
    pub code: Code,
    plan: Plan,
    options: Options,
    this: Option<String>,
    hints: Hints,
}

impl<'py> Subject<'py> {
    /// # Errors
    /// When it is no function, or `args` are no types for it.
    pub fn new(object: &Bound<'py, PyAny>, args: Option<Vec<Bound<'py, PyAny>>>) -> PyResult<Self> {
        let function = function_in(object)?;
        let code_object = code_of(&function)?;
        let code = code::extract(&code_object)?;
        let settings = unit_of(&code_object).and_then(Settings::of);
        let options = settings.map(Settings::options).unwrap_or_default();
        // They are of the arguments that it was compiled for.
        let hints = settings.filter(|_| args.is_none()).map(Settings::hints);
        let plan = match args {
            Some(args) => planned(&options, &given_types(&code, &args)?),
            None => known_types(&code_object, &code, &options)?,
        };
        let this = this::name(&function, &code_object, options.is_typed())?;
        Ok(Self {
            function,
            code,
            plan,
            options,
            this,
            hints: hints.unwrap_or_default(),
        })
    }

    /// The types that the parameters are compiled for.
    pub fn type_names(&self) -> Vec<&'static str> {
        self.plan.tags.iter().map(|tag| tag.name()).collect()
    }

    /// Looks at what the function is compiled to.
    ///
    /// # Errors
    /// What stops the compilation.
    pub fn run<T>(&self, look: impl Fn(&Job, &Workshop) -> Result<T, Failure>) -> PyResult<T> {
        let workshop = Workshop::enter(self.function.py());
        let callees = callees::of(&self.function, &self.options)?;
        let hints = match self.options.is_typed() {
            true => Hints::of_typed(&self.function)?,
            false => self.hints.clone(),
        };
        let scope = Scope::of(&self.function);
        let inlining = |callees: &[Callee]| {
            let job = Job {
                code: &self.code,
                scope: scope.as_ref(),
                plan: &self.plan,
                options: &self.options,
                generic: false,
                baseline: false,
                entry: None,
                this: self.this.clone(),
                hints: &hints,
                callees,
            };
            unharmed(|| look(&job, &workshop))
        };
        callees::with_fewer(&callees, inlining)
            .map_err(|failure| failure.into_exception(&self.function, USE_AUTO))
    }
}

/// The types of the mode, else those of the last compilation, else objects.
fn known_types(code_object: &Bound<'_, PyCode>, code: &Code, options: &Options) -> PyResult<Plan> {
    let count = code.parameter_count();
    if options.is_typed() {
        let early = options
            .plans
            .early(options.mode, options.numbers().own, count)?;
        return Ok(early
            .into_iter()
            .next_back()
            .unwrap_or_else(|| Plan::objects(count)));
    }
    let statistics = unit_of(code_object).map(|unit| unit.statistics());
    let versions = statistics.map_or_else(Vec::new, |statistics| statistics.versions);
    let of_calls = versions
        .into_iter()
        .rfind(|version| version.entry.is_none());
    Ok(of_calls.map_or_else(
        || Plan::objects(count),
        |version| Plan::actual(&version.signature),
    ))
}

fn planned(options: &Options, tags: &[Tag]) -> Plan {
    match options.is_typed() {
        true => options
            .plans
            .for_arguments(options.mode, options.numbers().own, tags),
        false => Plan::actual(tags),
    }
}

fn given_types(code: &Code, args: &[Bound<'_, PyAny>]) -> PyResult<Vec<Tag>> {
    let count = code.parameter_count();
    if args.len() != count {
        let names: Vec<_> = code.slots[..count.min(code.slots.len())]
            .iter()
            .map(|slot| slot.name.as_str())
            .collect();
        return Err(PyValueError::new_err(format!(
            "args has {} types for {count} parameters ({})",
            args.len(),
            names.join(", ")
        )));
    }
    args.iter().map(given_type).collect()
}

fn given_type(given: &Bound<'_, PyAny>) -> PyResult<Tag> {
    let py = given.py();
    let Ok(given) = given.cast::<PyType>() else {
        return Err(PyTypeError::new_err(format!(
            "args holds types such as int and float, not {}",
            given.repr()?
        )));
    };
    let tags = [
        (py.get_type::<PyInt>(), Tag::Int),
        (py.get_type::<PyFloat>(), Tag::Float),
        (py.get_type::<PyBool>(), Tag::Bool),
        (py.get_type::<PyComplex>(), Tag::Complex),
    ];
    let found = tags.into_iter().find(|(known, _)| known.is(given));
    Ok(found.map_or(Tag::Object, |(_, tag)| tag))
}

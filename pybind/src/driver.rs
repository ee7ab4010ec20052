//! From a code object to machine code: the order of the steps, and how long each took.

use crate::{
    callees::{self, Callee},
    custom::Inserted,
    errors::Failure,
    hints::Hints,
    options::{Mode, Options},
    refs::Ref,
};
use melior::{Context, ir::Module};
use std::time::{Duration, Instant};
use stepwell_frontend::{Code, LiftOptions, dump_bytecode, lift};
use stepwell_jit::{CompiledUnit, Engine};
use stepwell_passes::{Level, Observer, PassManager, RunOptions};
use stepwell_runtime::{tag::Tag, unit::ExitSite};

/// What to compile: a function for a list of parameter types.
pub struct Job<'a> {
    /// The body.
    pub code: &'a Code,
    /// The type of each parameter.
    pub signature: &'a [Tag],
    /// The user's options.
    pub options: &'a Options,
    /// Whether types must not be speculated on.
    pub generic: bool,
    /// The name of the global that holds the function itself.
    pub this: Option<String>,
    /// What to guess from.
    pub hints: &'a Hints,
    /// The generators that may be inlined.
    pub callees: &'a [Callee],
}

/// Machine code, with what has to be filled in and what can be told about it.
pub struct Product {
    /// The code. Dropping it frees the code.
    pub unit: CompiledUnit,
    /// The objects that the table `refs` has to hold, in order.
    pub refs: Vec<Ref>,
    /// The exits by number.
    pub exits: Vec<ExitSite>,
    /// The steps and their durations.
    pub phases: Vec<(String, Duration)>,
}

impl Job<'_> {
    /// Makes machine code.
    ///
    /// # Errors
    /// Whatever stops a step.
    pub fn compile(&self, context: &Context) -> Result<Product, Failure> {
        let mut phases = Phases::start();
        let module = self.lift(context)?;
        phases.end("lift");
        self.lower(context, &module, Level::Llvm, &mut phases)?;
        let unit = Engine::get().compile(&module, &self.options.engine())?;
        let timings = unit.timings();
        phases.extend([
            ("translate", timings.translate),
            ("optimise", timings.optimise),
            ("codegen", timings.codegen),
            ("link", timings.link),
        ]);
        Ok(Product {
            refs: crate::refs::read(&module)?,
            exits: crate::refs::read_exits(&module)?,
            unit,
            phases: phases.list,
        })
    }

    /// The instructions, blocks and tables in text.
    ///
    /// # Errors
    /// When the code object contradicts itself.
    pub fn bytecode(&self) -> Result<String, Failure> {
        Ok(dump_bytecode(self.code)?)
    }

    /// The module at level `py`.
    ///
    /// # Errors
    /// When the code object contradicts itself, or is of a kind that is not compiled.
    pub fn lift<'c>(&self, context: &'c Context) -> Result<Module<'c>, Failure> {
        let mode = if self.generic {
            Mode::Object
        } else {
            self.options.mode
        };
        let options = LiftOptions {
            mode: Some(mode.name().to_owned()),
            param_types: Some(self.signature.iter().map(|tag| type_text(*tag)).collect()),
            // Calls of itself give all arguments by their place.
            this: self.this.clone().filter(|_| self.code.kwonlyargcount == 0),
            elide: self.code.has_plain_parameters(),
        };
        let module = lift(context, self.code, &options)?;
        self.hints.write(context, &module);
        Ok(module)
    }

    /// Brings a module from `py` down to `level`.
    ///
    /// # Errors
    /// What a pass refuses, and mistakes of passes.
    pub fn lower<'c>(
        &self,
        context: &'c Context,
        module: &Module<'c>,
        level: Level,
        observer: &mut dyn Observer,
    ) -> Result<(), Failure> {
        let mut manager = PassManager::to_level(level, RunOptions::default());
        if level > Level::Py {
            callees::add(context, module, self.callees)?;
        }
        let inserted = Inserted::into(&mut manager, &self.options.passes);
        manager
            .run(context, module, observer)
            .map_err(|error| inserted.explain(error))
    }
}

/// How MLIR writes the type that a parameter is compiled for; that of an array is a string.
fn type_text(tag: Tag) -> String {
    let text = match tag {
        Tag::Int => "i64",
        Tag::Float => "f64",
        Tag::Bool => "i1",
        Tag::Complex => "complex<f64>",
        Tag::Any | Tag::Object => "!py.object",
        Tag::Array(array) => return format!("\"{array}\""),
    };
    text.to_owned()
}

/// A stopwatch that is also told of passes: those that lead to one level are one phase.
struct Phases {
    list: Vec<(String, Duration)>,
    last: Instant,
}

impl Phases {
    fn start() -> Self {
        Self {
            list: Vec::new(),
            last: Instant::now(),
        }
    }

    fn end(&mut self, name: &str) {
        self.list.push((name.to_owned(), self.last.elapsed()));
        self.last = Instant::now();
    }

    fn extend<const N: usize>(&mut self, phases: [(&str, Duration); N]) {
        self.list
            .extend(phases.map(|(name, duration)| (name.to_owned(), duration)));
    }
}

impl Observer for Phases {
    fn at_level(&mut self, level: Level, _: &Module) {
        if level != Level::Py {
            self.end(level.name());
        }
    }
}

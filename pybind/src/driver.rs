//! From a code object to machine code: the order of the steps, and how long each took.

use crate::{
    callees::{self, Callee},
    custom::Inserted,
    errors::Failure,
    globals::Scope,
    hints::Hints,
    options::Options,
    plan::Plan,
    refs::Ref,
};
use indexmap::IndexMap;
use melior::{Context, ir::Module};
use std::time::{Duration, Instant};
use stepwell_dialects::ir::functions;
use stepwell_frontend::{Code, Entry, LiftOptions, dump_bytecode, lift};
use stepwell_jit::{CompiledUnit, Engine};
use stepwell_passes::{
    Level, Observer, PassManager, PassReport, RunOptions, analysis::results, inspect::str_attribute,
};
use stepwell_runtime::{seen::Place, unit::ExitSite};

/// What to compile: a function for a list of parameter types.
pub struct Job<'a> {
    /// The body.
    pub code: &'a Code,
    /// What its global names are looked up in.
    pub scope: Option<&'a Scope<'a>>,
    /// The types of the parameters.
    pub plan: &'a Plan,
    /// The user's options.
    pub options: &'a Options,
    /// Whether types must not be speculated on.
    pub generic: bool,
    /// Whether to compile quickly.
    pub baseline: bool,
    /// Where the code begins, if that is in the middle of a call.
    pub entry: Option<Entry>,
    /// The name of the global that holds the function itself.
    pub this: Option<String>,
    /// What to guess from.
    pub hints: &'a Hints,
    /// The functions and generators that may be inlined.
    pub callees: &'a [Callee],
}

/// Machine code, with what has to be filled in and what can be told about it.
pub struct Product {
    /// The code. Dropping it frees the code.
    pub unit: CompiledUnit,
    /// The objects that the table `refs` has to hold, in order.
    pub refs: Vec<Ref>,
    /// The global names that the code takes for known.
    pub assumes: Vec<String>,
    /// The exits by number.
    pub exits: Vec<ExitSite>,
    /// The parameters that can be any object.
    pub untyped: Vec<usize>,
    /// The results of instructions that are noted.
    pub noted: Vec<Place>,
    /// What the function returns, in the words of the passes, if it is a number.
    pub returned: Option<String>,
    /// The steps and their durations.
    pub phases: Vec<(String, Duration)>,
    /// The passes and their durations.
    pub passes: Vec<(String, Duration)>,
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
        let unit = Engine::get().compile(&module, &self.options.engine(self.baseline))?;
        let timings = unit.timings();
        phases.extend([
            ("translate", timings.translate),
            ("optimise", timings.optimise),
            ("codegen", timings.codegen),
            ("link", timings.link),
        ]);
        Ok(Product {
            refs: crate::refs::read(&module)?,
            assumes: crate::refs::read_assumes(&module)?,
            exits: crate::refs::read_exits(&module)?,
            untyped: crate::refs::read_untyped(&module)?,
            noted: crate::refs::read_noted(&module)?,
            unit,
            phases: phases.list,
            returned: phases.returned,
            passes: phases.passes.into_iter().collect(),
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
            "object"
        } else {
            self.options.mode.name
        };
        let options = LiftOptions {
            mode: Some(mode.to_owned()),
            param_types: Some(self.plan.types()),
            // Calls of itself give all arguments by their place.
            this: self
                .this
                .clone()
                .filter(|_| self.code.kwonlyargcount == 0 && self.entry.is_none()),
            // A call without a frame cannot raise in the middle.
            elide: self.code.has_plain_parameters()
                && !self.options.numbers().own
                && self.entry.is_none(),
            baseline: self.baseline,
            entry: self.entry.clone(),
            attributes: self.attributes(),
        };
        let module = lift(context, self.code, &options)?;
        self.hints.write(context, &module);
        Ok(module)
    }

    /// What the passes have to know beyond mode and types.
    fn attributes(&self) -> Vec<(String, String)> {
        let text = |(name, value): (&str, &str)| (name.to_owned(), format!("{value:?}"));
        let mut list: Vec<_> = self
            .options
            .numbers()
            .attributes()
            .into_iter()
            .map(text)
            .collect();
        if !self.options.fastmath.is_empty() {
            list.push(text(("py.fastmath", &self.options.fastmath.join(","))));
        }
        if !self.options.boundscheck {
            list.push(("py.unchecked".to_owned(), "unit".to_owned()));
        }
        let speculates = !self.generic && self.options.mode.name != "object";
        if let Some(scope) = self.scope.filter(|_| speculates) {
            let inlined = self.callees.iter().filter(|callee| !callee.is_generator);
            let codes: Vec<_> = std::iter::once(self.code)
                .chain(inlined.map(|callee| &callee.code))
                .collect();
            list.push((
                "py.globals".to_owned(),
                scope.meanings(&codes, self.options.mode.is_typed()),
            ));
        }
        if let Some(kind) = self.plan.result {
            list.push(text(("py.result", kind.class_name())));
        }
        list
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
        let options = RunOptions {
            baseline: self.baseline,
            ..RunOptions::default()
        };
        let mut manager = PassManager::to_level(level, options);
        if level > Level::Py {
            callees::add(context, module, self.callees)?;
        }
        let inserted = Inserted::into(&mut manager, &self.options.passes);
        manager
            .run(context, module, observer)
            .map_err(|error| inserted.explain(error))
    }
}

/// A stopwatch that is also told of passes: those that lead to one level are one phase.
struct Phases {
    returned: Option<String>,
    list: Vec<(String, Duration)>,
    passes: IndexMap<String, Duration>,
    last: Instant,
}

impl Phases {
    fn start() -> Self {
        Self {
            returned: None,
            list: Vec::new(),
            passes: IndexMap::new(),
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
    fn compares(&self) -> bool {
        false
    }

    fn after_pass(&mut self, report: PassReport, _: &Module) {
        *self.passes.entry(report.name.to_owned()).or_default() += report.duration;
    }

    fn at_level(&mut self, level: Level, module: &Module) {
        if level == Level::Typed {
            let function = functions(module).into_iter().next();
            let returned = function
                .and_then(|op| str_attribute(op, "py.returned").or_else(|| results::returned(op)));
            self.returned = returned.map(str::to_owned);
        }
        if level != Level::Py {
            self.end(level.name());
        }
    }
}

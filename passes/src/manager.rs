//! Runs passes in order, with what has to happen between them: the verifier, the contracts of the
//! levels, timings, and whoever wants to look.

use crate::{
    Level, Pass, PassError, PassOutcome,
    fingerprint::fingerprint,
    pipeline::{NOT_FOR_BASELINE, Stage, stages_to},
    registry,
};
use melior::{Context, ir::Module, ir::operation::OperationLike};
use std::{
    error::Error,
    fmt,
    time::{Duration, Instant},
};
use stepwell_dialects::ir::{PrintOptions, capture_diagnostics, print_module};

/// How a pipeline is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunOptions {
    /// Verify the module behind every pass. On by default in debug builds.
    pub verify: bool,
    /// Leave out what pays only for code that runs often.
    pub baseline: bool,
}

impl Default for RunOptions {
    fn default() -> Self {
        Self {
            verify: cfg!(debug_assertions),
            baseline: false,
        }
    }
}

impl RunOptions {
    /// With the verifier behind every pass.
    pub fn verified() -> Self {
        Self {
            verify: true,
            ..Self::default()
        }
    }
}

/// What is known when a pass has run.
#[derive(Clone, Copy, Debug)]
pub struct PassReport<'a> {
    /// The name of the pass.
    pub name: &'a str,
    /// The level that the module is on its way to, when it runs as part of the whole pipeline.
    pub level: Option<Level>,
    /// Whether the pass did anything, as far as the pass can tell or the observer [compares](Observer::compares).
    pub outcome: PassOutcome,
    /// How long it took, without the verifier.
    pub duration: Duration,
}

/// Someone who looks at the module behind each pass and at each level.
pub trait Observer {
    /// Whether it wants to know of each pass what it did, so that the module is compared behind those that
    /// [cannot tell](Pass::is_vague). That takes a seventh of the time of a compilation.
    fn compares(&self) -> bool {
        true
    }

    /// A pass has run and the module was verified.
    fn after_pass(&mut self, report: PassReport, module: &Module) {
        let _ = (report, module);
    }

    /// The module has arrived at a level and keeps its contract.
    fn at_level(&mut self, level: Level, module: &Module) {
        let _ = (level, module);
    }
}

/// Nobody looks.
impl Observer for () {
    fn compares(&self) -> bool {
        false
    }
}

/// Where a pass of one's own goes: in front of or behind a pass or a level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// In front of the first pass of that name, or of the passes that lead to that level.
    Before(String),
    /// Behind the last pass of that name, or where that level is reached.
    After(String),
}

/// An anchor that names neither a pass of the pipeline nor a level in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownAnchor(pub String);

impl fmt::Display for UnknownAnchor {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        write!(
            formatter,
            "the pipeline has no pass and no level called {:?}",
            self.0
        )
    }
}

impl Error for UnknownAnchor {}

enum Step {
    Start(Level),
    Pass(PassStep),
    Reached(Level),
}

struct PassStep {
    pass: Box<dyn Pass>,
    level: Option<Level>,
    /// Where it was inserted; none for a pass of the pipeline itself.
    anchor: Option<Anchor>,
}

impl PassStep {
    /// The report on a pass that would do nothing, since nothing has changed from its last run on.
    fn left_out(&self) -> PassReport<'_> {
        PassReport {
            name: self.pass.name(),
            level: self.level,
            outcome: PassOutcome::Unchanged,
            duration: Duration::ZERO,
        }
    }
}

impl Step {
    fn is_named(&self, name: &str) -> bool {
        match self {
            Self::Pass(step) => step.pass.name() == name,
            Self::Start(level) | Self::Reached(level) => level.name() == name,
        }
    }

    fn level(&self) -> Option<Level> {
        match self {
            Self::Pass(step) => step.level,
            Self::Start(level) | Self::Reached(level) => Some(*level),
        }
    }

    fn was_inserted_at(&self, anchor: &Anchor) -> bool {
        matches!(self, Self::Pass(step) if step.anchor.as_ref() == Some(anchor))
    }
}

/// A pipeline that is ready to run.
pub struct PassManager {
    steps: Vec<Step>,
    options: RunOptions,
}

impl PassManager {
    /// The project's own pipeline, from `py` down to a level.
    ///
    /// A level below `llvm` takes the whole pipeline; `bytecode` takes nothing of it.
    pub fn to_level(level: Level, options: RunOptions) -> Self {
        let mut steps: Vec<_> = stages_to(level).flat_map(stage_steps).collect();
        let needless = |step: &Step| NOT_FOR_BASELINE.iter().any(|name| step.is_named(name));
        steps.retain(|step| !options.baseline || !needless(step));
        Self { steps, options }
    }

    /// The given passes and nothing else: no contract is checked.
    pub fn from_passes<P: Pass + 'static>(
        passes: impl IntoIterator<Item = P>,
        options: RunOptions,
    ) -> Self {
        let boxed = passes
            .into_iter()
            .map(|pass| Box::new(pass) as Box<dyn Pass>);
        Self {
            steps: boxed.map(|pass| pass_step(pass, None, None)).collect(),
            options,
        }
    }

    /// The names of the passes, in order.
    pub fn pass_names(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().filter_map(|step| match step {
            Step::Pass(step) => Some(step.pass.name()),
            Step::Start(_) | Step::Reached(_) => None,
        })
    }

    /// Puts a pass somewhere in the pipeline. Those that are put at one place with the same kind of
    /// anchor run in the order in which they were given.
    ///
    /// # Errors
    ///
    /// When the anchor names nothing in this pipeline.
    pub fn insert(&mut self, anchor: &Anchor, pass: Box<dyn Pass>) -> Result<(), UnknownAnchor> {
        let found = self.anchor_index(anchor)?;
        let level = self.steps[found].level();
        let index = match (anchor, &self.steps[found]) {
            (Anchor::After(_), Step::Pass(_)) | (Anchor::Before(_), Step::Start(_)) => {
                let behind = self.steps[found + 1..].iter();
                found
                    + 1
                    + behind
                        .take_while(|step| step.was_inserted_at(anchor))
                        .count()
            }
            _ => found,
        };
        self.steps
            .insert(index, pass_step(pass, level, Some(anchor.clone())));
        Ok(())
    }

    fn anchor_index(&self, anchor: &Anchor) -> Result<usize, UnknownAnchor> {
        let (name, found) = match anchor {
            Anchor::Before(name) => (name, self.steps.iter().position(|step| step.is_named(name))),
            Anchor::After(name) => (
                name,
                self.steps.iter().rposition(|step| step.is_named(name)),
            ),
        };
        found.ok_or_else(|| UnknownAnchor(name.clone()))
    }

    /// Runs the passes in order.
    ///
    /// # Errors
    ///
    /// What a pass refuses, and [`PassError::Bug`] when the module does not verify behind a pass or
    /// does not keep the contract of a level.
    pub fn run<'c>(
        &self,
        context: &'c Context,
        module: &Module<'c>,
        observer: &mut dyn Observer,
    ) -> Result<(), PassError> {
        let mut last = "frontend";
        let mut settled = Vec::new();
        for step in &self.steps {
            match step {
                Step::Start(_) => {}
                Step::Pass(step) => {
                    last = step.pass.name();
                    let report = match settled.contains(&last) {
                        true => step.left_out(),
                        false => self.run_pass(step, context, module, observer.compares())?,
                    };
                    if report.outcome == PassOutcome::Changed {
                        settled.clear();
                    }
                    if step.pass.is_idempotent() {
                        settled.push(last);
                    }
                    observer.after_pass(report, module);
                }
                Step::Reached(level) => {
                    let kept = level.check(module);
                    kept.map_err(|violation| bug(last, violation.to_string(), module))?;
                    observer.at_level(*level, module);
                }
            }
        }
        Ok(())
    }

    fn run_pass<'c, 'a>(
        &self,
        step: &'a PassStep,
        context: &'c Context,
        module: &Module<'c>,
        compares: bool,
    ) -> Result<PassReport<'a>, PassError> {
        let pass = step.pass.as_ref();
        let before = (compares && pass.is_vague()).then(|| fingerprint(module));
        let start = Instant::now();
        let said = pass.run(context, module)?;
        let duration = start.elapsed();
        let seen = before.map(|before| PassOutcome::from(fingerprint(module) != before));
        let outcome = seen.unwrap_or(said);
        if self.options.verify {
            verify(pass.name(), context, module)?;
        }
        Ok(PassReport {
            name: pass.name(),
            level: step.level,
            outcome,
            duration,
        })
    }
}

fn pass_step(pass: Box<dyn Pass>, level: Option<Level>, anchor: Option<Anchor>) -> Step {
    Step::Pass(PassStep {
        pass,
        level,
        anchor,
    })
}

fn stage_steps(stage: &'static Stage) -> Vec<Step> {
    let passes = stage.passes.iter().filter_map(|name| registry::find(name));
    let mut steps = vec![Step::Start(stage.level)];
    steps.extend(passes.map(|pass| pass_step(Box::new(pass), Some(stage.level), None)));
    steps.push(Step::Reached(stage.level));
    steps
}

fn verify(pass: &str, context: &Context, module: &Module) -> Result<(), PassError> {
    let (valid, message) = capture_diagnostics(context, || module.as_operation().verify());
    if valid {
        Ok(())
    } else {
        Err(bug(pass, message, module))
    }
}

fn bug(pass: &str, message: String, module: &Module) -> PassError {
    PassError::Bug {
        pass: pass.to_owned(),
        message,
        ir: print_module(
            module,
            PrintOptions {
                generic: true,
                ..Default::default()
            },
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use melior::ir::{BlockLike, RegionLike};
    use stepwell_dialects::ir::{create_context, parse_module};

    struct Probe(&'static str, fn(&Module) -> PassOutcome);

    impl Pass for Probe {
        fn name(&self) -> &str {
            self.0
        }

        fn description(&self) -> &str {
            "For tests."
        }

        fn run<'c>(&self, _: &'c Context, module: &Module<'c>) -> Result<PassOutcome, PassError> {
            Ok(self.1(module))
        }
    }

    fn idle(_: &Module) -> PassOutcome {
        PassOutcome::Unchanged
    }

    fn break_module(module: &Module) -> PassOutcome {
        let function = module.body().first_operation().expect("a function");
        let region = function.region(0).expect("a body");
        let block = region.first_block().expect("a block");
        let last = block.terminator().expect("a terminator");
        // SAFETY: the op is in the block and nothing else refers to it.
        unsafe { mlir_sys::mlirOperationDestroy(last.to_raw()) };
        PassOutcome::Changed
    }

    #[derive(Default)]
    struct Log(Vec<String>);

    impl Observer for Log {
        fn after_pass(&mut self, report: PassReport, _: &Module) {
            self.0.push(format!("{} {:?}", report.name, report.outcome));
        }

        fn at_level(&mut self, level: Level, _: &Module) {
            self.0.push(format!("level {level}"));
        }
    }

    fn probe(name: &'static str) -> Box<dyn Pass> {
        Box::new(Probe(name, idle))
    }

    #[test]
    fn inserted_passes_run_where_and_in_the_order_they_were_put() {
        let mut manager = PassManager::to_level(Level::Typed, RunOptions::default());
        for (anchor, name) in [
            (Anchor::After("cse".into()), "c1"),
            (Anchor::After("cse".into()), "c2"),
            (Anchor::After("py".into()), "a1"),
            (Anchor::After("py".into()), "a2"),
            (Anchor::Before("typed".into()), "b1"),
            (Anchor::Before("typed".into()), "b2"),
            (Anchor::After("typed".into()), "d"),
        ] {
            manager.insert(&anchor, probe(name)).expect("an anchor");
        }
        let names: Vec<_> = manager
            .pass_names()
            .filter(|name| name.len() <= 2)
            .collect();
        assert_eq!(names, ["a1", "a2", "b1", "b2", "c1", "c2", "d"]);
        let error = manager.insert(&Anchor::After("asm".into()), probe("e"));
        assert_eq!(error, Err(UnknownAnchor("asm".into())));
    }

    #[test]
    fn observers_hear_of_passes_and_levels() {
        let context = create_context();
        let text = "func.func @f(%x: i64) -> i64 {
            %0 = arith.constant 1 : i64
            func.return %x : i64
        }";
        let module = parse_module(&context, text).expect("valid IR");
        let mut log = Log::default();
        let passes = registry::parse_pipeline("canonicalize,canonicalize").expect("passes");
        let manager = PassManager::from_passes(passes, RunOptions::verified());
        manager.run(&context, &module, &mut log).expect("it runs");
        assert_eq!(log.0, ["canonicalize Changed", "canonicalize Unchanged"]);
        let manager = PassManager::to_level(Level::Py, RunOptions::verified());
        manager.run(&context, &module, &mut log).expect("it runs");
        assert_eq!(log.0[2..], ["level py"]);
    }

    #[test]
    fn a_broken_module_is_the_fault_of_the_pass_that_broke_it() {
        let context = create_context();
        let text = "func.func @f() { func.return }";
        let module = parse_module(&context, text).expect("valid IR");
        let passes = [Probe("innocent", idle), Probe("guilty", break_module)];
        let manager = PassManager::from_passes(passes, RunOptions::verified());
        match manager.run(&context, &module, &mut ()) {
            Err(PassError::Bug { pass, message, .. }) => {
                assert_eq!(pass, "guilty");
                assert!(message.contains("block"), "{message}");
            }
            other => panic!("the verifier let it pass: {other:?}"),
        }
    }

    #[test]
    fn an_op_below_its_level_is_the_fault_of_the_last_pass() {
        let context = create_context();
        let text = "func.func @f(%x: !py.object) { py.incref %x func.return }";
        let module = parse_module(&context, text).expect("valid IR");
        let mut manager = PassManager::to_level(Level::Py, RunOptions::default());
        manager
            .insert(&Anchor::After("py".into()), probe("count-early"))
            .expect("an anchor");
        match manager.run(&context, &module, &mut ()) {
            Err(PassError::Bug { pass, message, .. }) => {
                assert_eq!(pass, "count-early");
                assert!(message.contains("py.incref may not remain"), "{message}");
            }
            other => panic!("the contract was not checked: {other:?}"),
        }
    }
}

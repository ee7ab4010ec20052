//! Upstream's passes as passes of ours.

mod decided;

use crate::{Pass, PassError, PassOutcome};
use melior::{Context, ir::Module, pass};
use mlir_sys::mlirPassManagerRunOnOp;
use stepwell_dialects::ir::{PrintOptions, capture_diagnostics, print_module};

/// A group of upstream passes that run as one step.
pub struct UpstreamPass {
    name: &'static str,
    description: &'static str,
    create: fn() -> Vec<pass::Pass>,
    /// What is done in front of them.
    prepare: Option<Preparation>,
}

type Preparation = for<'c> fn(&'c Context, &Module<'c>);

impl UpstreamPass {
    /// A group of passes under one name.
    pub const fn new(
        name: &'static str,
        description: &'static str,
        create: fn() -> Vec<pass::Pass>,
    ) -> Self {
        Self {
            name,
            description,
            create,
            prepare: None,
        }
    }

    /// Runs the passes without looking whether they change anything.
    ///
    /// # Errors
    ///
    /// [`PassError::Bug`] when one of them fails.
    pub fn apply<'c>(&self, context: &'c Context, module: &Module<'c>) -> Result<(), PassError> {
        if let Some(prepare) = self.prepare {
            prepare(context, module);
        }
        let manager = pass::PassManager::new(context);
        // The verifier is our pipeline's to run.
        manager.enable_verifier(false);
        for pass in (self.create)() {
            manager.add_pass(pass);
        }
        let (result, message) = capture_diagnostics(context, || {
            // SAFETY: manager and module are alive, and nothing holds references into the module.
            unsafe { mlirPassManagerRunOnOp(manager.to_raw(), module.as_operation().to_raw()) }
        });
        if result.value == 0 {
            return Err(PassError::Bug {
                pass: self.name.to_owned(),
                message,
                ir: print_module(module, PrintOptions::default()),
            });
        }
        Ok(())
    }
}

/// Folding, dead code, block arguments that are not needed.
pub static CANONICALIZE: UpstreamPass = UpstreamPass {
    name: "canonicalize",
    description: "Fold constants and branches, drop dead code and needless block arguments (MLIR's own).",
    create: || vec![pass::transform::create_canonicalizer()],
    prepare: Some(decided::take),
};

/// Common subexpressions.
pub static CSE: UpstreamPass = UpstreamPass {
    name: "cse",
    description: "Compute equal pure values once (MLIR's own).",
    create: || vec![pass::transform::create_cse()],
    prepare: None,
};

impl Pass for UpstreamPass {
    fn name(&self) -> &str {
        self.name
    }

    fn description(&self) -> &str {
        self.description
    }

    /// MLIR runs them until nothing changes.
    fn is_idempotent(&self) -> bool {
        true
    }

    /// MLIR does not say.
    fn is_vague(&self) -> bool {
        true
    }

    fn run<'c>(&self, context: &'c Context, module: &Module<'c>) -> Result<PassOutcome, PassError> {
        self.apply(context, module)?;
        Ok(PassOutcome::Changed)
    }
}

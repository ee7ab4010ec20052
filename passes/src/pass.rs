use crate::PassError;
use melior::{Context, ir::Module};

/// Whether a pass did anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassOutcome {
    /// The module is as it was.
    Unchanged,
    /// The module was changed.
    Changed,
}

impl From<bool> for PassOutcome {
    fn from(changed: bool) -> Self {
        if changed {
            Self::Changed
        } else {
            Self::Unchanged
        }
    }
}

/// A pass over a module.
///
/// The module holds one `func.func` for each compiled body. A pass leaves a module that verifies;
/// the pipeline checks that, and the contract of the level, behind it.
pub trait Pass {
    /// The name in pipelines and statistics: `lower-num-to-arith`.
    fn name(&self) -> &str;

    /// One sentence for `stepwell-opt --help`.
    fn description(&self) -> &str;

    /// Whether a second run right behind the first one finds nothing to do. The pipeline then leaves it out.
    fn is_idempotent(&self) -> bool {
        false
    }

    /// Whether the pass cannot tell what it did, and says [`PassOutcome::Changed`] of each run. Whoever wants to know
    /// compares the module with what it was.
    fn is_vague(&self) -> bool {
        false
    }

    /// Rewrites the module in place.
    ///
    /// # Errors
    ///
    /// [`PassError::Unsupported`] when the function cannot be compiled in its mode, and
    /// [`PassError::Bug`] when the IR is not what the pass requires.
    fn run<'c>(&self, context: &'c Context, module: &Module<'c>) -> Result<PassOutcome, PassError>;
}

/// A registered pass is used by reference.
impl<P: Pass + ?Sized> Pass for &P {
    fn name(&self) -> &str {
        (**self).name()
    }

    fn description(&self) -> &str {
        (**self).description()
    }

    fn is_idempotent(&self) -> bool {
        (**self).is_idempotent()
    }

    fn is_vague(&self) -> bool {
        (**self).is_vague()
    }

    fn run<'c>(&self, context: &'c Context, module: &Module<'c>) -> Result<PassOutcome, PassError> {
        (**self).run(context, module)
    }
}

//! What a caller chooses about a compilation.

use crate::EngineError;

/// How a module is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CompileOptions {
    /// 0 to 3, LLVM's `-O` levels. At 0 and 1 instructions are selected the fast way.
    pub opt_level: u8,
    /// Whether loops and straight-line code may be vectorised.
    pub vectorize: bool,
}

impl Default for CompileOptions {
    fn default() -> Self {
        Self {
            opt_level: 3,
            vectorize: true,
        }
    }
}

impl CompileOptions {
    /// The optimisation level as an enumeration.
    ///
    /// # Errors
    /// [`EngineError::OptLevel`] when the number is none of LLVM's levels.
    pub(crate) fn level(self) -> Result<OptLevel, EngineError> {
        OptLevel::ALL
            .into_iter()
            .find(|level| *level as u8 == self.opt_level)
            .ok_or(EngineError::OptLevel(self.opt_level))
    }
}

/// A form in which [`Engine::emit_text`](crate::Engine::emit_text) shows a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// LLVM IR.
    LlvmIr {
        /// After LLVM's passes instead of before them.
        optimised: bool,
    },
    /// Assembly of the host.
    Asm,
}

/// LLVM's optimisation levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OptLevel {
    O0,
    O1,
    O2,
    O3,
}

impl OptLevel {
    pub(crate) const ALL: [Self; 4] = [Self::O0, Self::O1, Self::O2, Self::O3];
}

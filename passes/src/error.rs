use std::{error::Error, fmt};

/// Why a pass stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PassError {
    /// The function asks for something that this mode does not do. Ordinary, and the user's to change.
    Unsupported {
        /// What, and what to do about it.
        reason: String,
        /// Source file, line and column, as `file.py:3:5`.
        location: String,
    },
    /// The IR broke a rule that the pass relies on or promises: a mistake in a pass.
    Bug {
        /// The pass that failed.
        pass: String,
        /// Which rule, and MLIR's diagnostics if it was the verifier.
        message: String,
        /// The IR when it happened.
        ir: String,
    },
}

impl fmt::Display for PassError {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Unsupported { reason, location } => write!(formatter, "{location}: {reason}"),
            Self::Bug { pass, message, ir } => write!(formatter, "pass {pass}: {message}\n{ir}"),
        }
    }
}

impl Error for PassError {}

//! What can go wrong between a code object and its `py` module.

use std::fmt;

/// The part of a code object that an error is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// `co_code`.
    Bytecode,
    /// `co_exceptiontable`.
    ExceptionTable,
    /// `co_linetable`.
    LineTable,
    /// The names, constants and sizes that instructions refer to.
    Header,
}

impl fmt::Display for Part {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Bytecode => "bytecode",
            Self::ExceptionTable => "exception table",
            Self::LineTable => "line table",
            Self::Header => "code object",
        })
    }
}

/// Why a code object could not be read or lifted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrontendError {
    /// The code object contradicts itself; no interpreter would have made it.
    #[error("corrupt {part}, byte {offset}: {reason}")]
    Corrupt {
        /// Which part of the code object is wrong.
        part: Part,
        /// The byte at which that shows.
        offset: usize,
        /// What is wrong there.
        reason: String,
    },
    /// The code is sound, and a kind that is not compiled.
    #[error("line {line}: {reason}")]
    Unsupported {
        /// The source line; 0 if the code object does not tell.
        line: u32,
        /// What it is that is not compiled.
        reason: String,
    },
    /// The frontend made something that MLIR does not accept.
    #[error("bug in the frontend: {message}")]
    Bug {
        /// What was being built, and what MLIR said.
        message: String,
    },
}

impl FrontendError {
    /// A contradiction in `part` at the byte `offset`.
    pub fn corrupt(part: Part, offset: impl TryInto<usize>, reason: impl Into<String>) -> Self {
        Self::Corrupt {
            part,
            offset: offset.try_into().unwrap_or(usize::MAX),
            reason: reason.into(),
        }
    }

    /// Something that should be impossible.
    pub fn bug(message: impl Into<String>) -> Self {
        Self::Bug {
            message: message.into(),
        }
    }
}

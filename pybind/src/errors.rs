//! The one place where what goes wrong in Rust becomes a Python exception.

use crate::source::Excerpt;
use pyo3::{create_exception, exceptions::PyException, prelude::*};
use stepwell_frontend::FrontendError;
use stepwell_jit::EngineError as JitError;
use stepwell_passes::PassError;

create_exception!(
    stepwell,
    StepwellError,
    PyException,
    "What every exception of Stepwell's own derives from."
);
create_exception!(
    stepwell,
    UnsupportedError,
    StepwellError,
    "The function cannot be compiled as asked. The message names the source line and what to do."
);
create_exception!(
    stepwell,
    CompilerBug,
    StepwellError,
    "A mistake of Stepwell, not of the function. The message names the pass and holds the IR."
);
create_exception!(
    stepwell,
    InvalidIRError,
    StepwellError,
    "A pass of the user's own left IR that does not verify. The message names the pass, the operation and the IR."
);
create_exception!(
    stepwell,
    StaleHandleError,
    StepwellError,
    "An operation, block or value of `stepwell.ir` that is gone: it was erased, or its pass is over."
);
create_exception!(
    stepwell,
    EngineError,
    StepwellError,
    "The machine code generator failed, or does not know this machine."
);

/// Why there is no machine code.
#[derive(Debug)]
pub enum Failure {
    /// The code object could not be read or lifted.
    Frontend(FrontendError),
    /// A pass stopped.
    Pass(PassError),
    /// LLVM stopped.
    Engine(JitError),
    /// Levels of Stepwell disagree, told by the driver itself.
    Bug(String),
    /// A Python exception was raised meanwhile, which is the caller's to see.
    Raised(PyErr),
}

impl From<FrontendError> for Failure {
    fn from(error: FrontendError) -> Self {
        Self::Frontend(error)
    }
}

impl From<PassError> for Failure {
    fn from(error: PassError) -> Self {
        Self::Pass(error)
    }
}

impl From<JitError> for Failure {
    fn from(error: JitError) -> Self {
        Self::Engine(error)
    }
}

impl From<PyErr> for Failure {
    fn from(error: PyErr) -> Self {
        Self::Raised(error)
    }
}

impl Failure {
    /// In one line, for statistics.
    pub fn reason(&self) -> String {
        match self {
            Self::Frontend(error) => error.to_string(),
            Self::Pass(PassError::Unsupported { reason, location }) => {
                format!("{location}: {reason}")
            }
            Self::Pass(PassError::Bug { pass, message, .. }) => {
                format!("bug in pass {pass}: {}", first_line(message))
            }
            Self::Engine(error) => first_line(&error.to_string()).to_owned(),
            Self::Bug(message) => format!("bug: {}", first_line(message)),
            Self::Raised(error) => error.to_string(),
        }
    }

    /// The exception for somebody who asked for the compilation of `function` and nothing less.
    pub fn into_exception(self, function: &Bound<'_, PyAny>, hint: &str) -> PyErr {
        let py = function.py();
        match self {
            Self::Raised(error) => error,
            Self::Pass(PassError::Unsupported { reason, location }) => {
                let excerpt = Excerpt::at(function, &location);
                UnsupportedError::new_err(excerpt.message(py, &reason, hint))
            }
            Self::Frontend(FrontendError::Unsupported { line, reason }) => {
                let excerpt = Excerpt::at_line(function, line);
                UnsupportedError::new_err(excerpt.message(py, &reason, hint))
            }
            Self::Frontend(error @ FrontendError::Corrupt { .. }) => {
                let excerpt = Excerpt::at_start(function);
                let hint = "is this the code of another Python version, or was it edited?";
                UnsupportedError::new_err(excerpt.message(py, &error.to_string(), hint))
            }
            Self::Frontend(error) => CompilerBug::new_err(error.to_string()),
            Self::Pass(error) => CompilerBug::new_err(error.to_string()),
            Self::Bug(message) => CompilerBug::new_err(message),
            Self::Engine(error) => EngineError::new_err(error.to_string()),
        }
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// Adds the exceptions to the extension module.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    module.add("StepwellError", py.get_type::<StepwellError>())?;
    module.add("UnsupportedError", py.get_type::<UnsupportedError>())?;
    module.add("CompilerBug", py.get_type::<CompilerBug>())?;
    module.add("InvalidIRError", py.get_type::<InvalidIRError>())?;
    module.add("StaleHandleError", py.get_type::<StaleHandleError>())?;
    module.add("EngineError", py.get_type::<EngineError>())
}

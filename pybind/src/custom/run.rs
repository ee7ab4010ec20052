//! Runs passes written in Python within the pipeline.

use super::{
    definition::{Definition, Kind, Passes},
    registered,
};
use crate::{
    errors::{Failure, InvalidIRError},
    ir::{
        Operation, Rewriter, create, erase,
        insertion_point::Place,
        nested,
        session::{self, OpTicket},
    },
};
use melior::{
    Context,
    ir::{Module, operation::OperationLike},
};
use mlir_sys::{MlirOperation, mlirOperationGetLocation};
use pyo3::prelude::*;
use std::{cell::RefCell, rc::Rc, sync::Arc};
use stepwell_dialects::ir::{PrintOptions, capture_diagnostics, print_module};
use stepwell_passes::{Pass, PassError, PassManager, PassOutcome};

/// The passes written in Python that were put into a pipeline.
pub struct Inserted {
    definitions: Vec<Arc<Definition>>,
    /// The exception that stopped one of them.
    raised: Rc<RefCell<Option<PyErr>>>,
}

struct PythonPass {
    definition: Arc<Definition>,
    raised: Rc<RefCell<Option<PyErr>>>,
}

impl Inserted {
    /// Puts the registered passes, and then those of the function, into a pipeline. One whose place is below the level
    /// that the pipeline leads to is left out.
    pub fn into(manager: &mut PassManager, passes: &Passes) -> Self {
        let mut definitions = registered::all();
        for definition in &passes.0 {
            if !definitions
                .iter()
                .any(|known| Arc::ptr_eq(known, definition))
            {
                definitions.push(Arc::clone(definition));
            }
        }
        let raised = Rc::default();
        definitions.retain(|definition| {
            let pass = PythonPass {
                definition: Arc::clone(definition),
                raised: Rc::clone(&raised),
            };
            manager.insert(&definition.anchor, Box::new(pass)).is_ok()
        });
        Self {
            definitions,
            raised,
        }
    }

    /// What a failure of the pipeline is to the user: an exception that a pass raised, unchanged; or that a pass left IR
    /// that breaks the contract of its level.
    pub fn explain(&self, error: PassError) -> Failure {
        if let Some(raised) = self.raised.take() {
            return Failure::Raised(raised);
        }
        if let PassError::Bug { pass, message, ir } = &error
            && let Some(guilty) = self.definitions.iter().find(|known| known.name == *pass)
        {
            return Failure::Raised(invalid(guilty, message, ir));
        }
        Failure::Pass(error)
    }
}

fn invalid(definition: &Definition, message: &str, ir: &str) -> PyErr {
    let Definition { name, source, .. } = definition;
    InvalidIRError::new_err(format!(
        "pass {name} ({source}) left invalid IR: {message}\n{ir}"
    ))
}

impl Pass for PythonPass {
    fn name(&self) -> &str {
        &self.definition.name
    }

    fn description(&self) -> &str {
        &self.definition.description
    }

    fn run<'c>(&self, context: &'c Context, module: &Module<'c>) -> Result<PassOutcome, PassError> {
        let outcome = Python::attach(|py| self.run_in_session(py, context, module));
        let changed = outcome.map_err(|error| {
            let message = error.to_string();
            self.raised.replace(Some(error));
            self.bug(message, module)
        })?;
        // The pipeline's own verifier is off in release builds; passes of others are always looked at.
        let (valid, message) = capture_diagnostics(context, || module.as_operation().verify());
        if valid {
            Ok(PassOutcome::from(changed))
        } else {
            Err(self.bug(message, module))
        }
    }
}

impl PythonPass {
    fn run_in_session(&self, py: Python<'_>, context: &Context, module: &Module) -> PyResult<bool> {
        let op = module.as_operation().to_raw();
        session::begin(context.to_raw());
        let outcome = match &self.definition.kind {
            Kind::Rewrite(root) => self.rewrite(py, op, root),
            Kind::Module => self.call(py, (Operation::wrap(op)?,)),
        };
        let Some(mut session) = session::end() else {
            return outcome.map(|()| false);
        };
        let disposed = erase::dispose(&mut session, module.to_raw());
        outcome?;
        let unused = |name| {
            let message = format!("{name} is used, and was put into no block");
            invalid(&self.definition, &message, &text(module))
        };
        disposed.map_err(unused)?;
        Ok(session.changed)
    }

    fn rewrite(&self, py: Python<'_>, module: MlirOperation, root: &str) -> PyResult<()> {
        create::check_name(session::context()?, root)?;
        let roots: Vec<OpTicket> = nested::Nested::of(module)
            .ops
            .into_iter()
            .filter(|op| erase::name(*op) == root)
            .map(OpTicket::issue)
            .collect::<PyResult<_>>()?;
        for ticket in roots {
            let Ok(op) = ticket.get() else {
                continue;
            };
            let place = Place::before(op)?;
            session::with(|session| {
                session.places = vec![place];
                // SAFETY: the operation is alive.
                session.location = Some(unsafe { mlirOperationGetLocation(op) });
            })?;
            self.call(py, (Operation::wrap(op)?, Rewriter))?;
        }
        Ok(())
    }

    fn call<'py>(
        &self,
        py: Python<'py>,
        arguments: impl pyo3::call::PyCallArgs<'py>,
    ) -> PyResult<()> {
        self.definition.function.bind(py).call1(arguments).map(drop)
    }

    fn bug(&self, message: String, module: &Module) -> PassError {
        PassError::Bug {
            pass: self.definition.name.clone(),
            message,
            ir: text(module),
        }
    }
}

/// The generic form, which can be printed of invalid IR too.
fn text(module: &Module) -> String {
    print_module(
        module,
        PrintOptions {
            generic: true,
            ..Default::default()
        },
    )
}

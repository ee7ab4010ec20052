//! The MLIR context of the process, and who may use it.
//!
//! The context is made when the package is imported, since a first call should wait for its own compilation only. It serves one thread at a time; the GIL does not see to that, because a
//! pass written in Python may let other threads run. The thread that has the workshop may enter again, since such a pass
//! may call a function that has to be compiled itself.

use melior::Context;
use pyo3::prelude::*;
use std::{
    process,
    sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError},
    thread::{self, ThreadId},
};
use stepwell_dialects::ir::create_context;
use stepwell_jit::{Engine, register_translations};

/// Access to the context while it lives.
pub struct Workshop {
    context: &'static Context,
}

struct SharedContext(Context);

// SAFETY: the context is used by the thread that holds a `Workshop` only.
unsafe impl Send for SharedContext {}
// SAFETY: as above.
unsafe impl Sync for SharedContext {}

#[derive(Default)]
struct Occupation {
    /// The thread inside, with its process: a fork leaves other threads behind.
    owner: Option<(u32, ThreadId)>,
    depth: usize,
}

static OCCUPATION: Mutex<Occupation> = Mutex::new(Occupation {
    owner: None,
    depth: 0,
});
static LEFT: Condvar = Condvar::new();

/// Makes what the first compilation would make, a few milliseconds of work.
pub fn prepare() {
    drop(Workshop::try_enter());
    Engine::get().prepare();
}

impl Workshop {
    /// Enters unless another thread is inside.
    pub fn try_enter() -> Option<Self> {
        occupy(&mut occupation()).then(Self::new)
    }

    /// Enters, if need be after another thread has left; other Python threads run meanwhile.
    pub fn enter(py: Python<'_>) -> Self {
        if let Some(workshop) = Self::try_enter() {
            return workshop;
        }
        py.detach(|| {
            let mut occupation = occupation();
            while !occupy(&mut occupation) {
                occupation = LEFT
                    .wait(occupation)
                    .unwrap_or_else(PoisonError::into_inner);
            }
        });
        Self::new()
    }

    /// The context of the process.
    pub fn context(&self) -> &'static Context {
        self.context
    }

    fn new() -> Self {
        static CONTEXT: OnceLock<SharedContext> = OnceLock::new();
        let shared = CONTEXT.get_or_init(|| {
            let context = create_context();
            register_translations(&context);
            SharedContext(context)
        });
        Self { context: &shared.0 }
    }
}

impl Drop for Workshop {
    fn drop(&mut self) {
        let mut occupation = occupation();
        occupation.depth -= 1;
        if occupation.depth == 0 {
            occupation.owner = None;
            LEFT.notify_one();
        }
    }
}

fn occupation() -> MutexGuard<'static, Occupation> {
    OCCUPATION.lock().unwrap_or_else(PoisonError::into_inner)
}

fn occupy(occupation: &mut Occupation) -> bool {
    let visitor = (process::id(), thread::current().id());
    match occupation.owner {
        Some(owner) if owner == visitor => {}
        Some((process, _)) if process == visitor.0 => return false,
        _ => {
            occupation.owner = Some(visitor);
            occupation.depth = 0;
        }
    }
    occupation.depth += 1;
    true
}

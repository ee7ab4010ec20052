//! The passes that run for every function.

use super::definition::Definition;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

static REGISTERED: Mutex<Vec<Arc<Definition>>> = Mutex::new(Vec::new());

/// Adds a pass behind the others, unless it is there.
pub fn add(definition: &Arc<Definition>) {
    let mut registered = lock();
    if !registered
        .iter()
        .any(|known| Arc::ptr_eq(known, definition))
    {
        registered.push(Arc::clone(definition));
    }
}

/// Removes a pass.
pub fn remove(definition: &Arc<Definition>) {
    // What is removed is dropped outside the lock: that may run Python code.
    let removed: Vec<_> = {
        let mut registered = lock();
        registered
            .extract_if(.., |known| Arc::ptr_eq(known, definition))
            .collect()
    };
    drop(removed);
}

/// The passes, in the order in which they were registered.
pub fn all() -> Vec<Arc<Definition>> {
    lock().clone()
}

fn lock() -> MutexGuard<'static, Vec<Arc<Definition>>> {
    REGISTERED.lock().unwrap_or_else(PoisonError::into_inner)
}

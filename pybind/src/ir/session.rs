//! One run of a pass: which handles are good, and which operations nobody has inserted yet.
//!
//! Sessions are kept by thread. A handle that is used in another thread, or when its pass is over, or while a pass runs
//! inside its pass, therefore finds no session and is refused. Within a session every operation and block that Python
//! has seen has a serial number; erasing forgets it, so that memory that is used again does not revive a handle.

use super::insertion_point::Place;
use crate::errors::StaleHandleError;
use mlir_sys::{MlirBlock, MlirContext, MlirLocation, MlirOperation};
use pyo3::prelude::*;
use std::{
    cell::RefCell,
    collections::HashMap,
    sync::atomic::{AtomicU64, Ordering},
};

thread_local! {
    /// The innermost session is the last.
    static SESSIONS: RefCell<Vec<Session>> = const { RefCell::new(Vec::new()) };
}

/// What is known during one run of a pass.
pub struct Session {
    id: u64,
    context: MlirContext,
    serials: HashMap<usize, u64>,
    next_serial: u64,
    /// Operations that are in no block: ours to destroy.
    pub loose: Vec<MlirOperation>,
    /// Where new operations go; the innermost `with` is the last.
    pub places: Vec<Place>,
    /// The location of an operation that is made without one.
    pub location: Option<MlirLocation>,
    /// Whether the pass has changed anything.
    pub changed: bool,
}

/// A claim to an operation or block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ticket {
    session: u64,
    address: usize,
    serial: u64,
}

/// A claim to an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OpTicket(Ticket);

/// A claim to a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BlockTicket(Ticket);

/// Begins a session in this thread.
pub fn begin(context: MlirContext) {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let session = Session {
        id: NEXT.fetch_add(1, Ordering::Relaxed),
        context,
        serials: HashMap::new(),
        next_serial: 0,
        loose: Vec::new(),
        places: Vec::new(),
        location: None,
        changed: false,
    };
    SESSIONS.with_borrow_mut(|sessions| sessions.push(session));
}

/// Ends the innermost session: its handles are void from here on.
pub fn end() -> Option<Session> {
    SESSIONS.with_borrow_mut(Vec::pop)
}

/// Looks at the innermost session. No Python code may run meanwhile.
///
/// # Errors
/// When no pass is running in this thread.
pub fn with<T>(look: impl FnOnce(&mut Session) -> T) -> PyResult<T> {
    SESSIONS.with_borrow_mut(|sessions| {
        let session = sessions.last_mut();
        session.map(look).ok_or_else(|| {
            StaleHandleError::new_err(
                "IR can be looked at and changed only while a pass is running",
            )
        })
    })
}

/// The context of the running pass.
pub fn context() -> PyResult<MlirContext> {
    with(|session| session.context)
}

/// Notes that the pass has changed something.
pub fn note_change() -> PyResult<()> {
    with(|session| session.changed = true)
}

impl Session {
    fn issue(&mut self, address: usize) -> Ticket {
        let next = &mut self.next_serial;
        let serial = *self.serials.entry(address).or_insert_with(|| {
            *next += 1;
            *next
        });
        Ticket {
            session: self.id,
            address,
            serial,
        }
    }

    /// Makes the handles of something void that is about to be freed.
    pub fn forget(&mut self, address: usize) {
        self.serials.remove(&address);
    }

    /// Whether an operation is one that nobody has inserted yet.
    pub fn is_loose(&self, op: MlirOperation) -> bool {
        self.loose.iter().any(|loose| loose.ptr == op.ptr)
    }

    /// Takes an operation off the list of those that are in no block.
    pub fn is_no_longer_loose(&mut self, op: MlirOperation) {
        self.loose.retain(|loose| loose.ptr != op.ptr);
    }
}

impl Ticket {
    fn resolve(self, what: &str) -> PyResult<usize> {
        let found = SESSIONS.with_borrow(|sessions| {
            let session = sessions.last().filter(|session| session.id == self.session);
            session.map(|session| session.serials.get(&self.address) == Some(&self.serial))
        });
        match found {
            Some(true) => Ok(self.address),
            Some(false) => Err(StaleHandleError::new_err(format!("this {what} was erased"))),
            None => Err(StaleHandleError::new_err(format!(
                "this {what} belongs to a pass that is over, or that does not run here and now"
            ))),
        }
    }
}

impl OpTicket {
    /// A claim to `op`, which is alive and part of what the running pass works on.
    pub fn issue(op: MlirOperation) -> PyResult<Self> {
        with(|session| Self(session.issue(op.ptr as usize)))
    }

    /// The operation.
    ///
    /// # Errors
    /// When it is gone.
    pub fn get(self) -> PyResult<MlirOperation> {
        let address = self.0.resolve("operation")?;
        Ok(MlirOperation {
            ptr: address as *mut _,
        })
    }

    /// Whether the operation is still there.
    pub fn is_alive(self) -> bool {
        self.get().is_ok()
    }
}

impl BlockTicket {
    /// A claim to `block`, which is alive and part of what the running pass works on.
    pub fn issue(block: MlirBlock) -> PyResult<Self> {
        with(|session| Self(session.issue(block.ptr as usize)))
    }

    /// The block.
    ///
    /// # Errors
    /// When it is gone.
    pub fn get(self) -> PyResult<MlirBlock> {
        let address = self.0.resolve("block")?;
        Ok(MlirBlock {
            ptr: address as *mut _,
        })
    }
}

//! How the runtime asks the layer above for machine code.

use crate::{
    extra,
    object::Object,
    unit::{Unit, Version, Wanted},
};
use std::sync::OnceLock;
use stepwell_abi::cpython as c;

/// What to compile.
pub struct Request<'a> {
    /// The function that was called (or that made the generator), borrowed.
    pub function: *mut c::PyFunctionObject,
    /// The unit of its code object, with the options and the statistics so far.
    pub unit: &'a Unit,
    /// What is in the slots of the parameters now, borrowed: the arguments of a call. In the middle of one, what is in
    /// all slots.
    pub arguments: &'a [Object],
    /// The offset of the backward jump that the code is to begin at, in a frame whose slots and evaluation stack hold
    /// what [`Wanted::signature`] says; at the start of a call if there is none.
    pub entry: Option<u32>,
    /// What the version has to accept.
    pub wanted: Wanted,
}

/// What became of a request.
pub enum Outcome {
    /// Machine code.
    Version(Version),
    /// The function stays with the interpreter, for this reason.
    Refused(String),
    /// Nothing for now; this call is interpreted, and the next one asks again.
    Later,
    /// A Python exception is set; the caller of the function gets it.
    Raised,
}

/// Who compiles. Called with the GIL held; it may run Python code, and calls of the function meanwhile are interpreted.
pub trait Compiler: Send + Sync {
    /// Compiles one version.
    fn compile(&self, request: &Request<'_>) -> Outcome;

    /// Whether it could guess more for a function than it did when it was asked last.
    fn could_guess_more(&self, _request: &Request<'_>) -> bool {
        false
    }

    /// Makes a unit for the code of functions that compiled code makes. `maker` is the unit of what makes them. `None`
    /// when they are for the interpreter; no exception is set.
    ///
    /// # Safety
    /// `code` is a live code object without a unit, which outlives the result; the GIL is held.
    unsafe fn adopt<'a>(&self, maker: &Unit, code: *mut c::PyCodeObject) -> Option<&'a Unit>;

    /// Makes a unit for the code of functions of a library that compiled code calls. `None` when they are for the
    /// interpreter; no exception is set.
    ///
    /// # Safety
    /// As of [`Compiler::adopt`].
    unsafe fn take_in<'a>(&self, code: *mut c::PyCodeObject) -> Option<&'a Unit>;

    /// Whether a function of a library may be taken in when compiled code calls it often.
    ///
    /// # Safety
    /// `function` is a live function object; the GIL is held.
    unsafe fn covers(&self, function: *mut c::PyFunctionObject) -> bool;
}

static CURRENT: OnceLock<Box<dyn Compiler>> = OnceLock::new();

/// Sets the compiler of the process. Only the first call has an effect, which the result tells.
pub fn set(compiler: Box<dyn Compiler>) -> bool {
    // The sooner it is asked for, the fewer slots of others code objects get with ours.
    extra::slot();
    CURRENT.set(compiler).is_ok()
}

pub(crate) fn current() -> Option<&'static dyn Compiler> {
    CURRENT.get().map(|compiler| &**compiler)
}

//! Names that the runtime looks up, as interned strings.

use crate::object::Object;
use std::{
    ffi::CStr,
    sync::atomic::{AtomicPtr, Ordering::Relaxed},
};
use stepwell_abi::cpython::{PyObject, PyUnicode_InternFromString};

/// A name that is made when it is first needed and then kept.
pub(crate) struct Name {
    text: &'static CStr,
    object: AtomicPtr<PyObject>,
}

impl Name {
    pub(crate) const fn new(text: &'static CStr) -> Self {
        Self {
            text,
            object: AtomicPtr::new(std::ptr::null_mut()),
        }
    }

    /// The string, borrowed; `None` with an exception set when memory is short. The GIL is held.
    pub(crate) fn get(&self) -> Option<Object> {
        let mut object = self.object.load(Relaxed);
        if object.is_null() {
            // SAFETY: callers hold the GIL, which also orders this store; the reference is kept for good.
            object = unsafe { PyUnicode_InternFromString(self.text.as_ptr()) };
            self.object.store(object, Relaxed);
        }
        (!object.is_null()).then_some(object)
    }
}

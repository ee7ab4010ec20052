//! Strings to and from MLIR's C API.

use mlir_sys::{MlirStringCallback, MlirStringRef};
use std::{ffi::c_void, slice};

/// A borrowed string. It must not outlive `text`.
pub fn string_ref(text: &str) -> MlirStringRef {
    MlirStringRef {
        data: text.as_ptr().cast(),
        length: text.len(),
    }
}

/// A copy of a string of MLIR's.
///
/// # Safety
/// The reference must be to memory that is alive.
pub unsafe fn to_string(text: MlirStringRef) -> String {
    if text.data.is_null() {
        return String::new();
    }
    // SAFETY: the caller says that the memory is alive.
    let bytes = unsafe { slice::from_raw_parts(text.data.cast(), text.length) };
    String::from_utf8_lossy(bytes).into_owned()
}

/// Collects what a printing function of MLIR's writes.
pub fn printed(print: impl FnOnce(MlirStringCallback, *mut c_void)) -> String {
    unsafe extern "C" fn append(text: MlirStringRef, data: *mut c_void) {
        // SAFETY: `data` is the string below, and MLIR hands over a piece of text that is alive.
        unsafe {
            let target: &mut String = &mut *data.cast();
            target.push_str(&to_string(text));
        }
    }
    let mut text = String::new();
    print(Some(append), (&raw mut text).cast());
    text
}

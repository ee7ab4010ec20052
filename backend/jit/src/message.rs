//! LLVM's three ways of handing over text, as Rust strings.

use std::ffi::{CStr, c_char};

use llvm_sys::{
    core::LLVMDisposeMessage,
    error::{LLVMDisposeErrorMessage, LLVMErrorRef, LLVMGetErrorMessage},
};

/// Copies a C string and frees it the way LLVM wants its messages freed.
///
/// # Safety
/// `text` is null or a message that LLVM has handed to its caller.
pub(crate) unsafe fn take_message(text: *mut c_char) -> String {
    if text.is_null() {
        return String::new();
    }
    // SAFETY: a message is NUL-terminated and ours until it is disposed of.
    unsafe {
        let owned = CStr::from_ptr(text).to_string_lossy().into_owned();
        LLVMDisposeMessage(text);
        owned
    }
}

/// Turns an LLVM error into its text; the null error is success.
///
/// # Safety
/// `error` is null or an error that its caller owns.
pub(crate) unsafe fn check(error: LLVMErrorRef) -> Result<(), String> {
    if error.is_null() {
        return Ok(());
    }
    // SAFETY: reading the message consumes the error; the message is then ours to dispose of.
    unsafe {
        let text = LLVMGetErrorMessage(error);
        let owned = CStr::from_ptr(text).to_string_lossy().into_owned();
        LLVMDisposeErrorMessage(text);
        Err(owned)
    }
}

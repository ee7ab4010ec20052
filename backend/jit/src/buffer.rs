//! Memory that LLVM has filled.

use std::{mem::ManuallyDrop, slice};

use llvm_sys::{
    core::{LLVMDisposeMemoryBuffer, LLVMGetBufferSize, LLVMGetBufferStart},
    prelude::LLVMMemoryBufferRef,
};

/// An object file or a text.
pub(crate) struct Buffer(LLVMMemoryBufferRef);

impl Buffer {
    /// Takes a buffer over.
    ///
    /// # Safety
    /// `raw` is a live buffer that the caller owns.
    pub(crate) unsafe fn from_raw(raw: LLVMMemoryBufferRef) -> Self {
        Self(raw)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        // SAFETY: start and size describe memory that lives as long as the buffer.
        unsafe {
            slice::from_raw_parts(LLVMGetBufferStart(self.0).cast(), LLVMGetBufferSize(self.0))
        }
    }

    pub(crate) fn as_raw(&self) -> LLVMMemoryBufferRef {
        self.0
    }

    /// Hands the buffer over to LLVM.
    pub(crate) fn into_raw(self) -> LLVMMemoryBufferRef {
        ManuallyDrop::new(self).0
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        // SAFETY: the buffer is ours.
        unsafe { LLVMDisposeMemoryBuffer(self.0) }
    }
}

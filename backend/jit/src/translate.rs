//! From the LLVM dialect to LLVM IR.

use std::{cell::RefCell, rc::Rc};

use llvm_sys::prelude::{LLVMContextRef, LLVMModuleRef};
use melior::{Context, ir::Module};
use mlir_sys::{MlirContext, mlirTranslateModuleToLLVMIR};

use crate::EngineError;

unsafe extern "C" {
    /// In `cpp/translations.cpp`.
    fn stepwellRegisterTranslations(context: MlirContext);
}

/// Teaches a context how the `builtin` and the `llvm` dialect become LLVM IR.
///
/// Call it once for a context, where the context is made: no other thread may use the context
/// meanwhile. Without it every compilation ends in [`EngineError::Translate`].
pub fn register_translations(context: &Context) {
    // SAFETY: the context is alive; registering extends its registry and keeps no reference of ours.
    unsafe { stepwellRegisterTranslations(context.to_raw()) }
}

/// Translates `module` into `context`.
///
/// MLIR verifies the result, so that later steps may trust it. What MLIR reports meanwhile becomes
/// the error's text instead of going to stderr.
///
/// # Errors
/// [`EngineError::Translate`] when an op has no translation or the result is not valid IR.
///
/// # Safety
/// `context` is a live LLVM context that no other thread uses. The module belongs to the caller.
pub(crate) unsafe fn translate(
    module: &Module,
    context: LLVMContextRef,
) -> Result<LLVMModuleRef, EngineError> {
    let messages = Rc::new(RefCell::new(Vec::new()));
    let sink = Rc::clone(&messages);
    let owner = module.context();
    // SAFETY: the module, borrowed here, keeps its context alive.
    let mlir_context = unsafe { owner.to_ref() };
    let handler = mlir_context.attach_diagnostic_handler(move |diagnostic| {
        sink.borrow_mut().push(diagnostic.to_string());
        true
    });
    // SAFETY: the operation is alive, and the caller vouches for the LLVM context. The two crates
    // declare the same C type for it.
    let translated =
        unsafe { mlirTranslateModuleToLLVMIR(module.as_operation().to_raw(), context.cast()) };
    mlir_context.detach_diagnostic_handler(handler);
    if translated.is_null() {
        let messages = messages.borrow();
        return Err(EngineError::Translate(match messages.as_slice() {
            [] => "MLIR gives no reason".to_owned(),
            texts => texts.join("; "),
        }));
    }
    Ok(translated.cast())
}

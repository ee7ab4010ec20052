use melior::{
    Context,
    dialect::{DialectHandle, DialectRegistry},
};
use mlir_sys::{
    MlirDialectHandle, MlirDialectRegistry, mlirContextAppendDialectRegistry,
    mlirContextSetAllowUnregisteredDialects,
};

unsafe extern "C" {
    fn mlirGetDialectHandle__py__() -> MlirDialectHandle;
    fn mlirGetDialectHandle__num__() -> MlirDialectHandle;
    fn mlirGetDialectHandle__state__() -> MlirDialectHandle;
    fn stepwellRegisterConversions(registry: MlirDialectRegistry);
}

/// A context that knows the dialects of every level: ours, and the upstream ones that may remain
/// beside them. It works on one thread, since functions are small and compiled one at a time.
pub fn create_context() -> Context {
    let registry = DialectRegistry::new();
    for handle in own_dialects()
        .into_iter()
        .chain(upstream_dialects())
        .chain(unnamed())
    {
        handle.insert_dialect(&registry);
    }
    let context = Context::new();
    context.enable_multi_threading(false);
    // SAFETY: both are alive; the context copies the registry.
    unsafe {
        stepwellRegisterConversions(registry.to_raw());
        mlirContextAppendDialectRegistry(context.to_raw(), registry.to_raw());
        mlirContextSetAllowUnregisteredDialects(context.to_raw(), false);
    }
    context.load_all_available_dialects();
    context
}

fn own_dialects() -> [DialectHandle; 3] {
    // SAFETY: the functions are defined by `cpp/Dialects.cpp` and return static handles.
    unsafe {
        [
            DialectHandle::from_raw(mlirGetDialectHandle__py__()),
            DialectHandle::from_raw(mlirGetDialectHandle__num__()),
            DialectHandle::from_raw(mlirGetDialectHandle__state__()),
        ]
    }
}

fn upstream_dialects() -> [DialectHandle; 6] {
    [
        DialectHandle::arith(),
        DialectHandle::cf(),
        DialectHandle::func(),
        DialectHandle::llvm(),
        DialectHandle::memref(),
        DialectHandle::scf(),
    ]
}

/// The dialects that melior has no name for.
fn unnamed() -> [DialectHandle; 3] {
    // SAFETY: MLIR's C API returns static handles.
    unsafe {
        [
            DialectHandle::from_raw(mlir_sys::mlirGetDialectHandle__complex__()),
            DialectHandle::from_raw(mlir_sys::mlirGetDialectHandle__math__()),
            DialectHandle::from_raw(mlir_sys::mlirGetDialectHandle__vector__()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dialect_is_loaded() {
        let context = create_context();
        for name in [
            "py", "num", "state", "arith", "cf", "complex", "func", "llvm", "math",
        ] {
            assert_eq!(
                context
                    .get_or_load_dialect(name)
                    .namespace()
                    .unwrap_or_default(),
                name
            );
        }
    }
}

//! Target machines for the host.
//!
//! Making one takes a fraction of a millisecond and they may be used by one thread at a time, so they
//! are kept and lent: as many are made as compilations run at once.

use std::{
    ffi::CStr,
    ops::Deref,
    sync::{Mutex, PoisonError},
};

use llvm_sys::{
    core::LLVMDisposeMessage,
    target::{LLVMCopyStringRepOfTargetData, LLVMDisposeTargetData},
    target_machine::*,
};

use crate::{EngineError, message::take_message, options::OptLevel};

/// The target machines that nobody uses at the moment, by optimisation level.
#[derive(Default)]
pub(crate) struct MachinePool {
    idle: [Mutex<Vec<Machine>>; OptLevel::ALL.len()],
}

impl MachinePool {
    /// Lends a machine for `level`, or makes one.
    ///
    /// # Errors
    /// [`EngineError::Host`] when LLVM has no code generator for the host.
    pub(crate) fn lend(&self, level: OptLevel) -> Result<Lent<'_>, EngineError> {
        let shelf = &self.idle[level as usize];
        let idle = shelf.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let machine = match idle {
            Some(machine) => machine,
            None => Machine::for_host(level)?,
        };
        Ok(Lent {
            shelf,
            machine: Some(machine),
        })
    }
}

/// A borrowed machine, put back when dropped.
pub(crate) struct Lent<'p> {
    shelf: &'p Mutex<Vec<Machine>>,
    machine: Option<Machine>,
}

impl Deref for Lent<'_> {
    type Target = Machine;

    fn deref(&self) -> &Machine {
        self.machine
            .as_ref()
            .expect("a machine is lent until it is dropped")
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let mut shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        shelf.extend(self.machine.take());
    }
}

/// LLVM's target machine for the host CPU.
pub(crate) struct Machine(LLVMTargetMachineRef);

// SAFETY: a target machine has no ties to the thread that made it; it may only not be shared, and
// this type is not `Sync`.
unsafe impl Send for Machine {}

impl Machine {
    fn for_host(level: OptLevel) -> Result<Self, EngineError> {
        initialise_target();
        // SAFETY: each string comes from LLVM and is disposed of once, after its last use; a null
        // target is never used because the lookup's result is checked.
        unsafe {
            let triple = LLVMGetDefaultTargetTriple();
            let cpu = LLVMGetHostCPUName();
            let features = LLVMGetHostCPUFeatures();
            let machine = find_target(CStr::from_ptr(triple))
                .map(|target| create(target, CStr::from_ptr(triple), cpu, features, level));
            for text in [triple, cpu, features] {
                LLVMDisposeMessage(text);
            }
            machine.map(Self)
        }
    }

    pub(crate) fn as_raw(&self) -> LLVMTargetMachineRef {
        self.0
    }

    /// The triple, as modules name it.
    pub(crate) fn triple(&self) -> String {
        // SAFETY: the machine is alive; the returned message is ours.
        unsafe { take_message(LLVMGetTargetMachineTriple(self.0)) }
    }

    /// The data layout, as modules name it.
    pub(crate) fn data_layout(&self) -> String {
        // SAFETY: the machine is alive; layout and message are ours and freed here.
        unsafe {
            let layout = LLVMCreateTargetDataLayout(self.0);
            let text = take_message(LLVMCopyStringRepOfTargetData(layout));
            LLVMDisposeTargetData(layout);
            text
        }
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        // SAFETY: the machine is ours and unused from here on.
        unsafe { LLVMDisposeTargetMachine(self.0) }
    }
}

/// Registers the code generator of the host's architecture, once.
pub(crate) fn initialise_target() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        // SAFETY: these fill LLVM's target registry, here from one thread only.
        #[cfg(target_arch = "x86_64")]
        unsafe {
            use llvm_sys::target::*;
            LLVMInitializeX86TargetInfo();
            LLVMInitializeX86Target();
            LLVMInitializeX86TargetMC();
            LLVMInitializeX86AsmPrinter();
            LLVMInitializeX86AsmParser();
        }
        // SAFETY: as above.
        #[cfg(target_arch = "aarch64")]
        unsafe {
            use llvm_sys::target::*;
            LLVMInitializeAArch64TargetInfo();
            LLVMInitializeAArch64Target();
            LLVMInitializeAArch64TargetMC();
            LLVMInitializeAArch64AsmPrinter();
            LLVMInitializeAArch64AsmParser();
        }
    });
}

fn find_target(triple: &CStr) -> Result<LLVMTargetRef, EngineError> {
    let mut target = std::ptr::null_mut();
    let mut message = std::ptr::null_mut();
    // SAFETY: both results are written before they are read; the message is set on failure only.
    unsafe {
        if LLVMGetTargetFromTriple(triple.as_ptr(), &mut target, &mut message) != 0 {
            return Err(EngineError::Host(take_message(message)));
        }
    }
    Ok(target)
}

/// Position-independent code in the small model: references to what lies far away (the runtime, the
/// interpreter) go through the tables that JITLink puts next to the code.
///
/// # Safety
/// `target` comes from LLVM's registry; the strings are NUL-terminated.
unsafe fn create(
    target: LLVMTargetRef,
    triple: &CStr,
    cpu: *const std::ffi::c_char,
    features: *const std::ffi::c_char,
    level: OptLevel,
) -> LLVMTargetMachineRef {
    let (codegen, fast) = match level {
        OptLevel::O0 => (LLVMCodeGenOptLevel::LLVMCodeGenLevelNone, 1),
        OptLevel::O1 => (LLVMCodeGenOptLevel::LLVMCodeGenLevelLess, 1),
        OptLevel::O2 => (LLVMCodeGenOptLevel::LLVMCodeGenLevelDefault, 0),
        OptLevel::O3 => (LLVMCodeGenOptLevel::LLVMCodeGenLevelAggressive, 0),
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe {
        let machine = LLVMCreateTargetMachine(
            target,
            triple.as_ptr(),
            cpu,
            features,
            codegen,
            LLVMRelocMode::LLVMRelocPIC,
            LLVMCodeModel::LLVMCodeModelSmall,
        );
        LLVMSetTargetMachineFastISel(machine, fast);
        LLVMSetTargetMachineAsmVerbosity(machine, 1);
        machine
    }
}

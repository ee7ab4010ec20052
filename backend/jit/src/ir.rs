//! One module of LLVM IR, in a context of its own, from translation to object code.

use std::{ffi::CString, mem::MaybeUninit, ptr, slice};

use llvm_sys::{
    LLVMAttributeFunctionIndex, LLVMDiagnosticSeverity, LLVMLinkage, LLVMVisibility,
    core::*,
    prelude::*,
    target_machine::{LLVMCodeGenFileType, LLVMTargetMachineEmitToMemoryBuffer},
    transforms::pass_builder::*,
};
use melior::ir::Module;

use crate::{
    EngineError,
    buffer::Buffer,
    message::{check, take_message},
    options::{CompileOptions, OptLevel},
    perf,
    pipeline::pipeline,
    shape::Shape,
    target::Machine,
    translate::translate,
};

/// What modules and their sources are called in dumps.
const MODULE_NAME: &str = "stepwell";
/// LLVM's `UWTableKind::Sync`: a frame can be unwound while it calls.
const UNWIND_TABLE_AT_CALLS: u64 = 1;

/// How many instructions are too many for a good code generator: those of a function of some thousand lines.
const HUGE: usize = 30_000;

/// A module of LLVM IR and the context that holds it.
pub(crate) struct IrModule {
    context: LLVMContextRef,
    module: LLVMModuleRef,
    /// What LLVM has reported; from a `Box`, because LLVM holds the pointer as well.
    reports: *mut Reports,
}

/// What LLVM reports about a module.
#[derive(Default)]
struct Reports {
    errors: Vec<String>,
    remarks: Vec<String>,
}

/// An external definition of a module.
pub(crate) struct Definition {
    /// Its plain name.
    pub(crate) name: String,
    /// A function, or else a global variable.
    pub(crate) is_function: bool,
}

impl IrModule {
    /// Translates `module` and fits it to `machine`.
    ///
    /// # Errors
    /// [`EngineError::Translate`], see [`translate`].
    pub(crate) fn translate(
        module: &Module,
        machine: &Machine,
        options: CompileOptions,
    ) -> Result<Self, EngineError> {
        // SAFETY: a context has no preconditions. From here on it is disposed of by `Drop`.
        let context = unsafe { LLVMContextCreate() };
        let mut this = Self {
            context,
            module: ptr::null_mut(),
            reports: Box::into_raw(Box::default()),
        };
        // SAFETY: the reports outlive the context; the context is used by this thread only.
        unsafe {
            LLVMContextSetDiagnosticHandler(context, Some(record), this.reports.cast());
            this.module = translate(module, context)?;
        }
        this.fit(machine);
        this.mark_functions(options.vectorize);
        Ok(this)
    }

    fn fit(&self, machine: &Machine) {
        let triple = CString::new(machine.triple()).unwrap_or_default();
        let layout = CString::new(machine.data_layout()).unwrap_or_default();
        // SAFETY: LLVM copies each string.
        unsafe {
            LLVMSetModuleIdentifier(self.module, MODULE_NAME.as_ptr().cast(), MODULE_NAME.len());
            LLVMSetSourceFileName(self.module, MODULE_NAME.as_ptr().cast(), MODULE_NAME.len());
            LLVMSetTarget(self.module, triple.as_ptr());
            LLVMSetDataLayout(self.module, layout.as_ptr());
        }
    }

    /// Adds the attributes that every function of a unit has.
    ///
    /// No exception unwinds through machine code, but a thread that ends does: the interpreter ends
    /// daemon threads with `pthread_exit` when it shuts down, and without unwind tables that aborts
    /// the process. A profiler walks frame pointers. Vectorisation has to be forbidden by an
    /// attribute: LLVM's pass builder has options for it, and `default<On>` overrides them.
    fn mark_functions(&self, vectorize: bool) {
        let mut attributes = vec![
            self.flag("nounwind", 0),
            self.flag("uwtable", UNWIND_TABLE_AT_CALLS),
        ];
        if !vectorize {
            attributes.push(self.flag("noimplicitfloat", 0));
        }
        if perf::enabled() {
            attributes.push(self.text_attribute("frame-pointer", "all"));
        }
        for function in self.functions().filter(|value| !is_declaration(*value)) {
            for attribute in &attributes {
                // SAFETY: function and attribute belong to the same context.
                unsafe {
                    LLVMAddAttributeAtIndex(function, LLVMAttributeFunctionIndex, *attribute);
                }
            }
        }
    }

    fn flag(&self, name: &str, value: u64) -> LLVMAttributeRef {
        // SAFETY: the context is alive; the name is given with its length.
        unsafe {
            let kind = LLVMGetEnumAttributeKindForName(name.as_ptr().cast(), name.len());
            LLVMCreateEnumAttribute(self.context, kind, value)
        }
    }

    fn text_attribute(&self, name: &str, value: &str) -> LLVMAttributeRef {
        // SAFETY: the context is alive and copies both strings, given with their lengths.
        unsafe {
            LLVMCreateStringAttribute(
                self.context,
                name.as_ptr().cast(),
                name.len() as u32,
                value.as_ptr().cast(),
                value.len() as u32,
            )
        }
    }

    /// The symbols that the module uses and does not define, LLVM's intrinsics left out.
    pub(crate) fn undefined(&self) -> impl Iterator<Item = String> {
        self.functions().chain(self.globals()).filter_map(|value| {
            // SAFETY: `value` is a function or a global of this live module; only a function is
            // asked for its intrinsic number.
            let wanted = unsafe {
                LLVMIsDeclaration(value) != 0
                    && !LLVMGetFirstUse(value).is_null()
                    && (LLVMIsAFunction(value).is_null() || LLVMGetIntrinsicID(value) == 0)
            };
            wanted.then(|| name(value))
        })
    }

    /// Runs LLVM's pipeline for the level.
    ///
    /// # Errors
    /// [`EngineError::Optimise`] with LLVM's message.
    pub(crate) fn optimise(
        &mut self,
        machine: &Machine,
        level: OptLevel,
    ) -> Result<(), EngineError> {
        let passes = pipeline(level, || Shape::of(self.functions()));
        // SAFETY: module and machine are alive and used by this thread only; the options are ours.
        let outcome = unsafe {
            let builder = LLVMCreatePassBuilderOptions();
            let error = LLVMRunPasses(self.module, passes.as_ptr(), machine.as_raw(), builder);
            LLVMDisposePassBuilderOptions(builder);
            check(error)
        };
        outcome
            .and_then(|()| self.reported())
            .map_err(EngineError::Optimise)
    }

    /// Whether there is so much code that generating it well would take seconds.
    pub(crate) fn is_huge(&self) -> bool {
        Shape::of(self.functions()).instructions >= HUGE
    }

    /// The external definitions, hidden: code of the same module then refers to them directly instead
    /// of through a table, and no other unit can see them.
    pub(crate) fn hide_definitions(&self) -> Vec<Definition> {
        self.exported()
            .map(|value| {
                // SAFETY: `value` is a live definition of this module.
                let is_function = unsafe {
                    LLVMSetVisibility(value, LLVMVisibility::LLVMHiddenVisibility);
                    !LLVMIsAFunction(value).is_null()
                };
                Definition {
                    name: name(value),
                    is_function,
                }
            })
            .collect()
    }

    /// Appends `suffix` to the name of every external definition.
    pub(crate) fn rename_definitions(&self, suffix: &str) {
        for value in self.exported().collect::<Vec<_>>() {
            let unique = name(value) + suffix;
            // SAFETY: `value` is alive; LLVM copies the name.
            unsafe { LLVMSetValueName2(value, unique.as_ptr().cast(), unique.len()) }
        }
    }

    /// Generates an object file or assembly.
    ///
    /// # Errors
    /// [`EngineError::Codegen`] with LLVM's message.
    pub(crate) fn emit(
        &mut self,
        machine: &Machine,
        kind: LLVMCodeGenFileType,
    ) -> Result<Buffer, EngineError> {
        let mut message = ptr::null_mut();
        let mut buffer = ptr::null_mut();
        // SAFETY: module and machine are alive and used by this thread only; the message is set when
        // the call fails and the buffer when it does not.
        let buffer = unsafe {
            let failed = LLVMTargetMachineEmitToMemoryBuffer(
                machine.as_raw(),
                self.module,
                kind,
                &mut message,
                &mut buffer,
            );
            if failed != 0 {
                return Err(EngineError::Codegen(take_message(message)));
            }
            Buffer::from_raw(buffer)
        };
        self.reported().map_err(EngineError::Codegen)?;
        Ok(buffer)
    }

    /// The module's text.
    pub(crate) fn print(&self) -> String {
        // SAFETY: the module is alive; the message is ours.
        unsafe { take_message(LLVMPrintModuleToString(self.module)) }
    }

    /// What passes that were asked for remarks have said so far.
    pub(crate) fn remarks(&self) -> &[String] {
        // SAFETY: the reports are ours, and LLVM, which adds to them, is not running.
        unsafe { &(*self.reports).remarks }
    }

    fn reported(&mut self) -> Result<(), String> {
        // SAFETY: the reports are ours, and LLVM, which adds to them, is not running.
        match unsafe { (*self.reports).errors.as_slice() } {
            [] => Ok(()),
            errors => Err(errors.join("; ")),
        }
    }

    fn functions(&self) -> impl Iterator<Item = LLVMValueRef> {
        // SAFETY: the module is alive as long as the iterator; its list ends with null.
        values(
            unsafe { LLVMGetFirstFunction(self.module) },
            |value| unsafe { LLVMGetNextFunction(value) },
        )
    }

    fn globals(&self) -> impl Iterator<Item = LLVMValueRef> {
        // SAFETY: as for functions.
        values(unsafe { LLVMGetFirstGlobal(self.module) }, |value| unsafe {
            LLVMGetNextGlobal(value)
        })
    }

    /// Definitions with external linkage. (LLVM's own lists, such as `llvm.used`, have another.)
    fn exported(&self) -> impl Iterator<Item = LLVMValueRef> {
        self.functions().chain(self.globals()).filter(|value| {
            // SAFETY: `value` belongs to this live module.
            let linkage = unsafe { LLVMGetLinkage(*value) };
            !is_declaration(*value) && linkage == LLVMLinkage::LLVMExternalLinkage
        })
    }
}

impl Drop for IrModule {
    fn drop(&mut self) {
        // SAFETY: all are ours; the module, null if translation failed, goes before its context, and
        // the reports after whoever could make one.
        unsafe {
            if !self.module.is_null() {
                LLVMDisposeModule(self.module);
            }
            LLVMContextDispose(self.context);
            drop(Box::from_raw(self.reports));
        }
    }
}

/// Collects LLVM's errors, which would otherwise end the process, and its remarks; warnings are dropped.
extern "C" fn record(info: LLVMDiagnosticInfoRef, reports: *mut std::ffi::c_void) {
    // SAFETY: LLVM passes a live diagnostic and the reports that were given with this handler, which
    // nobody else touches while LLVM runs.
    unsafe {
        let reports = &mut *reports.cast::<Reports>();
        let list = match LLVMGetDiagInfoSeverity(info) {
            LLVMDiagnosticSeverity::LLVMDSError => &mut reports.errors,
            LLVMDiagnosticSeverity::LLVMDSRemark => &mut reports.remarks,
            _ => return,
        };
        list.push(take_message(LLVMGetDiagInfoDescription(info)));
    }
}

fn values(
    first: LLVMValueRef,
    next: impl Fn(LLVMValueRef) -> LLVMValueRef,
) -> impl Iterator<Item = LLVMValueRef> {
    let present = |value: LLVMValueRef| (!value.is_null()).then_some(value);
    std::iter::successors(present(first), move |value| present(next(*value)))
}

fn is_declaration(value: LLVMValueRef) -> bool {
    // SAFETY: callers pass a function or global of a live module.
    unsafe { LLVMIsDeclaration(value) != 0 }
}

fn name(value: LLVMValueRef) -> String {
    let mut length = MaybeUninit::uninit();
    // SAFETY: `value` is alive; LLVM writes the length and returns that many bytes.
    let bytes = unsafe {
        let start = LLVMGetValueName2(value, length.as_mut_ptr());
        slice::from_raw_parts(start.cast::<u8>(), length.assume_init())
    };
    String::from_utf8_lossy(bytes).into_owned()
}

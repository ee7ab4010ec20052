//! LLJIT: symbols, linking, and freeing what was linked.

use std::{
    ffi::{CStr, CString, c_void},
    ptr,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
        mpsc::{Sender, channel},
    },
};

use indexmap::IndexMap;
use llvm_sys::{
    error::LLVMErrorRef,
    orc2::{lljit::*, *},
};

use crate::{EngineError, buffer::Buffer, message::check, target::initialise_target};

/// How many units are freed between two sweeps of the names that nobody uses any more.
const SWEEP_INTERVAL: usize = 64;

/// Errors that LLJIT has reported instead of returning them: the details of a failed link.
static REPORTED: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// The process's LLJIT and the one library in it that holds the symbols and all units.
///
/// The library is a bare one: it searches no other, so the process's symbols are out of reach.
pub(crate) struct Session {
    execution: LLVMOrcExecutionSessionRef,
    objects: LLVMOrcObjectLayerRef,
    library: LLVMOrcJITDylibRef,
}

// SAFETY: ORC locks its session in each of the calls made here, and a `Session` is never freed.
unsafe impl Send for Session {}
// SAFETY: as above.
unsafe impl Sync for Session {}

impl Session {
    /// Sets LLJIT up. It lives as long as the process.
    ///
    /// # Errors
    /// [`EngineError::Host`] when LLJIT does not know this host.
    pub(crate) fn new() -> Result<Self, EngineError> {
        initialise_target();
        let mut jit = ptr::null_mut();
        // SAFETY: a null builder asks for the defaults; the JIT is set when there is no error and is
        // never disposed of, so that what it returns stays valid.
        unsafe {
            check(LLVMOrcCreateLLJIT(&mut jit, ptr::null_mut())).map_err(EngineError::Host)?;
            let execution = LLVMOrcLLJITGetExecutionSession(jit);
            LLVMOrcExecutionSessionSetErrorReporter(execution, report, ptr::null_mut());
            let library =
                LLVMOrcExecutionSessionCreateBareJITDylib(execution, c"stepwell".as_ptr());
            Ok(Self {
                execution,
                objects: LLVMOrcLLJITGetObjLinkingLayer(jit),
                library,
            })
        }
    }

    /// Defines symbols of the process.
    ///
    /// # Errors
    /// [`EngineError::Link`] when one of them exists already.
    pub(crate) fn define(
        &self,
        symbols: &mut dyn Iterator<Item = (&str, usize)>,
    ) -> Result<(), EngineError> {
        let mut pairs = Vec::new();
        for (name, address) in symbols {
            let generic = LLVMJITSymbolGenericFlags::LLVMJITSymbolGenericFlagsExported as u8
                | LLVMJITSymbolGenericFlags::LLVMJITSymbolGenericFlagsCallable as u8;
            let flags = LLVMJITSymbolFlags {
                GenericFlags: generic,
                TargetFlags: 0,
            };
            let symbol = LLVMJITEvaluatedSymbol {
                Address: address as u64,
                Flags: flags,
            };
            pairs.push(LLVMOrcCSymbolMapPair {
                Name: self.intern(name)?,
                Sym: symbol,
            });
        }
        // SAFETY: the names are interned and their references pass to the unit; the unit passes to
        // the library, unless defining it fails.
        unsafe {
            let unit = LLVMOrcAbsoluteSymbols(pairs.as_mut_ptr(), pairs.len());
            check(LLVMOrcJITDylibDefine(self.library, unit)).map_err(|message| {
                LLVMOrcDisposeMaterializationUnit(unit);
                EngineError::Link(message)
            })
        }
    }

    /// Links an object file and returns the addresses of `names`.
    ///
    /// # Errors
    /// [`EngineError::Link`] when a name is not there or the object refers to something unknown. What
    /// was linked by then is freed.
    pub(crate) fn link(
        &'static self,
        object: Buffer,
        names: &[String],
    ) -> Result<(IndexMap<String, usize>, Tracker), EngineError> {
        // SAFETY: the library is alive; the object passes to LLVM also if adding it fails.
        let tracker = unsafe {
            let tracker = Tracker {
                raw: LLVMOrcJITDylibCreateResourceTracker(self.library),
                session: self,
            };
            check(LLVMOrcObjectLayerAddObjectFileWithRT(
                self.objects,
                tracker.raw,
                object.into_raw(),
            ))
            .map_err(EngineError::Link)?;
            tracker
        };
        let addresses = self.look_up(names)?;
        Ok((addresses, tracker))
    }

    /// Looks names up in the library, which links the objects that define them.
    fn look_up(&self, names: &[String]) -> Result<IndexMap<String, usize>, EngineError> {
        let mut order = [LLVMOrcCJITDylibSearchOrderElement {
            JD: self.library,
            JDLookupFlags: LLVMOrcJITDylibLookupFlags::LLVMOrcJITDylibLookupFlagsMatchAllSymbols,
        }];
        let mut wanted = Vec::with_capacity(names.len());
        for name in names {
            wanted.push(LLVMOrcCLookupSetElement {
                Name: self.intern(name)?,
                LookupFlags: LLVMOrcSymbolLookupFlags::LLVMOrcSymbolLookupFlagsRequiredSymbol,
            });
        }
        let (sender, receiver) = channel::<Answer>();
        // SAFETY: the arrays live through the call and the names' references pass to it. `answer` is
        // called exactly once and takes the sender back.
        unsafe {
            LLVMOrcExecutionSessionLookup(
                self.execution,
                LLVMOrcLookupKind::LLVMOrcLookupKindStatic,
                order.as_mut_ptr(),
                order.len(),
                wanted.as_mut_ptr(),
                wanted.len(),
                answer,
                Box::into_raw(Box::new(sender)).cast(),
            );
        }
        let answer = receiver
            .recv()
            .unwrap_or_else(|_| Err("no answer from LLJIT".to_owned()));
        answer.map_err(|message| EngineError::Link(with_details(message)))
    }

    /// A reference to the session's copy of a name, to be passed on or released.
    fn intern(&self, name: &str) -> Result<LLVMOrcSymbolStringPoolEntryRef, EngineError> {
        let text = CString::new(name).map_err(|_| EngineError::SymbolName(name.to_owned()))?;
        // SAFETY: the session is alive and copies the name.
        Ok(unsafe { LLVMOrcExecutionSessionIntern(self.execution, text.as_ptr()) })
    }

    /// Forgets the names of freed units, every now and then.
    fn sweep_names(&self) {
        static FREED: AtomicUsize = AtomicUsize::new(0);
        if FREED.fetch_add(1, Ordering::Relaxed) % SWEEP_INTERVAL == SWEEP_INTERVAL - 1 {
            // SAFETY: the pool is the live session's and has its own lock.
            unsafe {
                let pool = LLVMOrcExecutionSessionGetSymbolStringPool(self.execution);
                LLVMOrcSymbolStringPoolClearDeadEntries(pool);
            }
        }
    }
}

/// Owns what was linked of one object; dropping it unmaps the memory and removes the symbols.
pub(crate) struct Tracker {
    raw: LLVMOrcResourceTrackerRef,
    session: &'static Session,
}

// SAFETY: a tracker's operations take the session's lock.
unsafe impl Send for Tracker {}
// SAFETY: a shared tracker offers no operation at all.
unsafe impl Sync for Tracker {}

impl std::fmt::Debug for Tracker {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Tracker")
    }
}

impl Drop for Tracker {
    fn drop(&mut self) {
        // SAFETY: the tracker is ours and released once. Removal fails only for memory that the
        // system refuses to unmap; that memory is then lost and nothing else.
        unsafe {
            let _ = check(LLVMOrcResourceTrackerRemove(self.raw));
            LLVMOrcReleaseResourceTracker(self.raw);
        }
        self.session.sweep_names();
    }
}

type Answer = Result<IndexMap<String, usize>, String>;

/// Receives the outcome of a lookup.
extern "C" fn answer(
    error: LLVMErrorRef,
    found: LLVMOrcCSymbolMapPairs,
    count: usize,
    sender: *mut c_void,
) {
    // SAFETY: `sender` was made by `look_up`, for this one call; the error is ours; without an error
    // there are `count` pairs whose names live through this call.
    unsafe {
        let sender = Box::from_raw(sender.cast::<Sender<Answer>>());
        let outcome = check(error).map(|()| (0..count).map(|i| pair(&*found.add(i))).collect());
        // The receiver is gone only if its thread is.
        let _ = sender.send(outcome);
    }
}

/// # Safety
/// The pair's name is a live entry of the string pool.
unsafe fn pair(pair: &LLVMOrcCSymbolMapPair) -> (String, usize) {
    // SAFETY: entries are NUL-terminated; the caller vouches for the entry.
    let name = unsafe { CStr::from_ptr(LLVMOrcSymbolStringPoolEntryStr(pair.Name)) };
    (
        name.to_string_lossy().into_owned(),
        pair.Sym.Address as usize,
    )
}

extern "C" fn report(_: *mut c_void, error: LLVMErrorRef) {
    // SAFETY: LLJIT hands the error over.
    if let Err(message) = unsafe { check(error) } {
        REPORTED
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(message);
    }
}

fn with_details(message: String) -> String {
    let details = std::mem::take(&mut *REPORTED.lock().unwrap_or_else(PoisonError::into_inner));
    match details.is_empty() {
        true => message,
        false => format!("{message}: {}", details.join("; ")),
    }
}

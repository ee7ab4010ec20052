//! What compiled code takes for known of dictionaries: that some of their keys keep their values.
//!
//! A watcher of CPython's tells of every change to a dictionary of globals, of builtins or of a module. A change to a key
//! that a version relies on clears the flag of that version: the code looks at the flag where it would have loaded the
//! value, and the version is not chosen any more.

use crate::object::{Object, decref, is_exactly, new_ref};
use std::{
    collections::HashMap,
    ffi::c_int,
    hash::{BuildHasherDefault, Hasher},
    sync::{
        Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicI64, Ordering::Relaxed},
    },
};
use stepwell_abi::cpython as c;

/// Hashes an address. A program that changes a global in a loop looks two of them up each time.
#[derive(Default)]
struct OfAddress(u64);

impl Hasher for OfAddress {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes
            .iter()
            .for_each(|byte| self.write_usize((*byte).into()));
    }

    fn write_usize(&mut self, address: usize) {
        // The golden ratio spreads what is aligned; the table takes its bits from both ends.
        self.0 = (self.0 ^ address as u64)
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
            .rotate_left(32);
    }
}

type ByAddress<T> = HashMap<usize, T, BuildHasherDefault<OfAddress>>;

/// The flags to clear, by the address of the key: an interned string, of which a reference is kept.
type Watches = ByAddress<Vec<usize>>;

/// The watches of each dictionary, by its address.
fn registry() -> MutexGuard<'static, ByAddress<Watches>> {
    static REGISTRY: OnceLock<Mutex<ByAddress<Watches>>> = OnceLock::new();
    let registry = REGISTRY.get_or_init(Mutex::default);
    registry.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The watches of one version. Dropping it ends them; the GIL is held then.
#[derive(Debug)]
pub struct Assumptions {
    flag: *const AtomicI64,
}

impl Assumptions {
    /// For the version whose code looks at `flag`, which is set.
    ///
    /// # Safety
    /// `flag` is valid until the result is dropped.
    pub unsafe fn new(flag: *mut i64) -> Self {
        let flag = flag.cast::<AtomicI64>();
        // SAFETY: the caller's flag is valid.
        unsafe { (*flag).store(1, Relaxed) };
        Self { flag }
    }

    /// Clears the flag when `key` of `dict` changes. False when the dictionary cannot be watched; an exception may be set.
    ///
    /// # Safety
    /// `dict` is a live dictionary and `key` an interned string; the GIL is held.
    pub unsafe fn rely_on(&self, dict: Object, key: Object) -> bool {
        // SAFETY: as the caller's.
        unsafe {
            let Some(id) = watcher() else {
                return false;
            };
            if c::PyDict_Watch(id, dict) < 0 {
                return false;
            }
            let mut registry = registry();
            let flags = registry
                .entry(dict.addr())
                .or_default()
                .entry(key.expose_provenance())
                .or_insert_with(|| {
                    new_ref(key);
                    Vec::new()
                });
            flags.push(self.flag.expose_provenance());
            true
        }
    }
}

impl Drop for Assumptions {
    fn drop(&mut self) {
        registry().retain(|_, watches| {
            watches.retain(|key, flags| {
                flags.retain(|flag| *flag != self.flag.addr());
                if flags.is_empty() {
                    // SAFETY: the reference is that of `rely_on`; to free a string runs no code.
                    unsafe { decref(std::ptr::with_exposed_provenance_mut(*key)) };
                }
                !flags.is_empty()
            });
            !watches.is_empty()
        });
    }
}

/// The number of our watcher; `None` when the interpreter has too many.
fn watcher() -> Option<c_int> {
    static ID: OnceLock<Option<c_int>> = OnceLock::new();
    // SAFETY: callers hold the GIL; the callback stays for good.
    *ID.get_or_init(|| unsafe {
        let id = c::PyDict_AddWatcher(Some(changed));
        if id < 0 {
            c::PyErr_Clear();
        }
        (id >= 0).then_some(id)
    })
}

unsafe extern "C-unwind" fn changed(
    event: c::PyDict_WatchEvent,
    dict: Object,
    key: Object,
    _new: Object,
) -> c_int {
    let of_a_key = matches!(
        event,
        c::PyDict_WatchEvent_PyDict_EVENT_ADDED
            | c::PyDict_WatchEvent_PyDict_EVENT_MODIFIED
            | c::PyDict_WatchEvent_PyDict_EVENT_DELETED
    );
    let mut registry = registry();
    let Some(watches) = registry.get_mut(&dict.addr()) else {
        return 0;
    };
    // SAFETY: the key of such an event is live.
    let is_name = of_a_key && unsafe { is_interned(key) };
    match is_name {
        true => watches.remove_entry(&key.addr()).into_iter().for_each(end),
        // A key of another kind can be equal to a name.
        false => watches.drain().for_each(end),
    }
    if event == c::PyDict_WatchEvent_PyDict_EVENT_DEALLOCATED {
        registry.remove(&dict.addr());
    }
    0
}

/// Ends the watches of one key: the versions that rely on it are not chosen any more, so no later change concerns them.
fn end((key, flags): (usize, Vec<usize>)) {
    // SAFETY: a version takes its flags out before it goes. The reference is that of `rely_on`; to free a string runs no
    // code.
    unsafe {
        for flag in flags {
            (*std::ptr::with_exposed_provenance::<AtomicI64>(flag)).store(0, Relaxed);
        }
        decref(std::ptr::with_exposed_provenance_mut(key));
    }
}

/// Whether a key is a string of which there is one.
unsafe fn is_interned(key: Object) -> bool {
    // SAFETY: the key is live; a string of that class has this layout.
    unsafe {
        is_exactly(key, &raw const c::PyUnicode_Type)
            && (*key.cast::<c::PyASCIIObject>()).state.interned() != 0
    }
}

//! Generators and coroutines made and dropped without the allocator.
//!
//! Recursive generators and chains of coroutines make objects that end soon after. The memory of those that compiled
//! code or the runtime drops is kept for the next of the same size. As with numbers (`pool`), it is the interpreter's
//! memory, of the size that the interpreter asks for.

use super::resume::frame_of;
use crate::object::{Object, decref, is_exactly};
use std::{cell::UnsafeCell, mem::offset_of, ptr::null_mut};
use stepwell_abi::cpython as c;

/// How many sizes there are: frames with fewer slots than this are kept.
const SIZES: usize = 32;
/// How many pieces of memory of a size are kept.
const CAPACITY: usize = 64;
/// The low bits of `_gc_prev`, which are flags.
const FLAGS: usize = 3;

/// Memory of dropped generators, by the number of slots.
struct Pool(UnsafeCell<[Stack; SIZES]>);

struct Stack {
    count: usize,
    places: [*mut c::PyGenObject; CAPACITY],
}

// SAFETY: whoever uses the pool holds the GIL of the main interpreter.
unsafe impl Sync for Pool {}

static POOL: Pool = Pool(UnsafeCell::new(
    [const {
        Stack {
            count: 0,
            places: [null_mut(); CAPACITY],
        }
    }; SIZES],
));

/// The memory of a generator, as an object that the garbage collector does not know yet. `None` when none is kept, or
/// when there is more to do than to take it: the collector is due, or somebody traces references.
///
/// # Safety
/// The GIL is held, and the running interpreter is the main one.
pub unsafe fn take(class: *mut c::PyTypeObject, slots: usize) -> Option<*mut c::PyGenObject> {
    // SAFETY: as the caller's; no reference to a stack outlives this function.
    unsafe {
        let stack = (*POOL.0.get()).get_mut(slots)?;
        if stack.count == 0 || is_traced() || !count_made() {
            return None;
        }
        stack.count -= 1;
        let generator = stack.places[stack.count];
        (*generator).ob_base.__bindgen_anon_1.ob_refcnt = 1;
        (*generator).ob_base.ob_type = class;
        (*generator).gi_weakreflist = null_mut();
        (*generator).gi_exc_state.exc_value = null_mut();
        (*generator).gi_exc_state.previous_item = null_mut();
        (*generator).gi_origin_or_finalizer = null_mut();
        Some(generator)
    }
}

/// Tells the garbage collector of a generator that [`take`] made.
///
/// # Safety
/// As of [`take`]; all references of the generator are written.
pub unsafe fn track(generator: *mut c::PyGenObject) {
    // SAFETY: the head is in front of the object; the list of the youngest is a ring.
    unsafe {
        let head = head_of(generator.cast());
        let youngest = (*collector()).generation0;
        let last = std::ptr::with_exposed_provenance_mut::<c::PyGC_Head>((*youngest)._gc_prev);
        (*last)._gc_next = head.expose_provenance();
        (*head)._gc_prev = last.expose_provenance();
        (*head)._gc_next = youngest.expose_provenance();
        (*youngest)._gc_prev = head.expose_provenance();
    }
}

/// Frees a generator or coroutine that has ended and has no references. False, with nothing done, when there is more
/// to do than that.
///
/// # Safety
/// The GIL is held; nobody has a reference to `object`, which is a generator or a coroutine.
pub(crate) unsafe fn free(object: Object) -> bool {
    // SAFETY: as the caller's. An ended generator has no finalizer to run, and a frame of which only the code is left.
    unsafe {
        let generator = object.cast::<c::PyGenObject>();
        let is_simple = i32::from((*generator).gi_frame_state) == c::_framestate_FRAME_CLEARED
            && (*generator).gi_weakreflist.is_null()
            && (*generator).gi_exc_state.exc_value.is_null()
            && has_no_origin(generator)
            && !is_traced();
        if !is_simple {
            return false;
        }
        untrack(object);
        let code = (*frame_of(generator)).f_executable;
        let slots = slots_of(code.cast());
        decref((*generator).gi_name);
        decref((*generator).gi_qualname);
        decref(code);
        match (*POOL.0.get()).get_mut(slots) {
            Some(stack) if stack.count < CAPACITY => {
                stack.places[stack.count] = generator;
                stack.count += 1;
                let young = &mut (*collector()).generations[0];
                young.count -= i32::from(young.count > 0);
            }
            _ => c::PyObject_GC_Del(object.cast()),
        }
        true
    }
}

/// How many slots the frame of a generator has.
///
/// # Safety
/// `code` is a live code object.
pub unsafe fn slots_of(code: *mut c::PyCodeObject) -> usize {
    const SPECIALS: usize = offset_of!(c::_PyInterpreterFrame, localsplus) / size_of::<Object>();
    // SAFETY: as the caller's.
    unsafe { (*code).co_framesize as usize - SPECIALS }
}

/// Coroutines remember where they come from if somebody wants it; in generators the field means nothing.
unsafe fn has_no_origin(generator: *mut c::PyGenObject) -> bool {
    // SAFETY: as of `free`.
    unsafe {
        is_exactly(generator.cast(), &raw const c::PyGen_Type)
            || (*generator).gi_origin_or_finalizer.is_null()
    }
}

/// Whether somebody wants to know of each object that is made or freed.
unsafe fn is_traced() -> bool {
    // SAFETY: the GIL is held.
    unsafe {
        (&raw const c::_PyRuntime.ref_tracer.tracer_func)
            .read()
            .is_some()
    }
}

/// Counts an object that is made, unless the collector is due then.
unsafe fn count_made() -> bool {
    // SAFETY: the GIL is held.
    unsafe {
        let collector = &mut *collector();
        let young = &mut collector.generations[0];
        if young.count >= young.threshold && young.threshold != 0 && collector.enabled != 0 {
            return false;
        }
        young.count += 1;
        true
    }
}

/// The garbage collector of the main interpreter.
fn collector() -> *mut c::_gc_runtime_state {
    // SAFETY: only the address is taken.
    unsafe { &raw mut c::_PyRuntime._main_interpreter.gc }
}

/// What the garbage collector has in front of an object.
unsafe fn head_of(object: Object) -> *mut c::PyGC_Head {
    // SAFETY: the caller's object has one.
    unsafe { object.cast::<c::PyGC_Head>().sub(1) }
}

/// Takes an object out of the collector's lists.
unsafe fn untrack(object: Object) {
    // SAFETY: generators are tracked from the moment they are made. The neighbours keep their flags.
    unsafe {
        let head = head_of(object);
        let next = std::ptr::with_exposed_provenance_mut::<c::PyGC_Head>((*head)._gc_next);
        let previous = (*head)._gc_prev & !FLAGS;
        (*std::ptr::with_exposed_provenance_mut::<c::PyGC_Head>(previous))._gc_next =
            (*head)._gc_next;
        (*next)._gc_prev = (*next)._gc_prev & FLAGS | previous;
        (*head)._gc_next = 0;
        (*head)._gc_prev = 0;
    }
}

//! Generators whose bodies run inside the function that consumes them.

use crate::{
    frame::{self, Frame},
    monitoring::may_run,
    object::{Object, ThreadState, is_exactly, new_ref, xdecref},
    symbols::{Symbol, functions},
};
use std::ptr::null_mut;
use stepwell_abi::{cpython as c, parking};

pub(super) fn symbols() -> Vec<Symbol> {
    functions![sw_adopt(_, _, _, _), sw_unpark(_)]
}

/// A generator that has not begun cannot be seen to run, when whoever could look has no reference to it.
unsafe extern "C-unwind" fn sw_adopt(
    ts: *mut ThreadState,
    generator: Object,
    code: Object,
    references: i32,
) -> i32 {
    // SAFETY: the module's conditions; a generator that has not begun has a frame.
    unsafe {
        if !is_exactly(generator, &raw const c::PyGen_Type) {
            return 0;
        }
        let object = generator.cast::<c::PyGenObject>();
        let frame = (&raw mut (*object).gi_iframe).cast::<Frame>();
        let fresh = i32::from((*object).gi_frame_state) == c::_framestate_FRAME_CREATED
            && (*generator).__bindgen_anon_1.ob_refcnt <= references as isize
            && (*object).gi_weakreflist.is_null();
        let expected = fresh
            && (*frame).frame_obj.is_null()
            && (*frame).f_executable == code
            && may_run(ts, code.cast());
        i32::from(expected)
    }
}

/// Brings the frames of parked generators up to date: the interpreter goes on behind their last `yield`.
unsafe extern "C-unwind" fn sw_unpark(words: *const i64) {
    // SAFETY: the array is as `parking` tells; compiled code has written all of it that is read here.
    unsafe {
        let mut place = words.add(parking::HEADER);
        for _ in 0..*words {
            let generator = std::ptr::with_exposed_provenance_mut(*place as usize);
            let (offset, count) = (*place.add(parking::OFFSET), *place.add(parking::COUNT));
            place = place.add(parking::GENERATOR);
            let values = std::slice::from_raw_parts(place.cast(), count as usize);
            suspend(generator, offset as i32, values);
            place = place.add(parking::VALUE * count as usize);
        }
    }
}

/// A tag and three words.
type Parked = [i64; parking::VALUE];

/// Writes the locals and the stack of a generator, and where it is suspended.
unsafe fn suspend(generator: *mut c::PyGenObject, offset: i32, values: &[Parked]) {
    // SAFETY: as `sw_unpark`; the frame has room for its own locals and stack.
    unsafe {
        let frame = (&raw mut (*generator).gi_iframe).cast::<Frame>();
        let slots = (&raw mut (*frame).localsplus).cast::<Object>();
        let locals = (*frame::code(frame)).co_nlocalsplus;
        // All of them are made before any is written: one may be held by the slot of another alone.
        let objects: Vec<_> = values.iter().map(|value| object(value)).collect();
        for (index, (value, object)) in values.iter().zip(objects).enumerate() {
            if value[0] != parking::KEPT {
                let old = std::mem::replace(&mut *slots.add(index), object);
                if index < locals as usize {
                    xdecref(old);
                }
            }
        }
        (*frame).stacktop = locals.max(values.len() as i32);
        frame::set_offset(frame, offset);
        (*generator).gi_frame_state = c::_framestate_FRAME_SUSPENDED as i8;
    }
}

/// A new reference to a parked value, or null.
unsafe fn object([tag, first, second, third]: &Parked) -> Object {
    // SAFETY: as `sw_unpark`.
    let object = unsafe {
        match *tag {
            parking::KEPT | parking::NULL => return null_mut(),
            parking::OBJECT => {
                let object: Object = std::ptr::with_exposed_provenance_mut(*first as usize);
                return if object.is_null() {
                    object
                } else {
                    new_ref(object)
                };
            }
            parking::FLOAT => c::PyFloat_FromDouble(f64::from_bits(*first as u64)),
            parking::BOOL => c::PyBool_FromLong(*first),
            parking::RANGE => super::frames::range_iterator(*first, *second, *third),
            _ => c::PyLong_FromLongLong(*first),
        }
    };
    if object.is_null() {
        // SAFETY: the message is a string.
        unsafe {
            c::_Py_FatalErrorFunc(
                c"stepwell".as_ptr(),
                c"no memory to leave compiled code".as_ptr(),
            )
        };
    }
    object
}

//! Leaving compiled code: completes the frame from what the table of exits says.

use super::frames::range_iterator;
use crate::{
    frame::{self, Frame},
    generator,
    object::{Object, ThreadState, new_ref, xdecref, xincref},
    symbols::{Symbol, functions},
};
use std::ptr::null_mut;
use stepwell_abi::{
    EXIT, EXIT_RAISING, cpython as c,
    exit_table::{Native, Place, Reader, Row, Source},
};

pub(super) fn symbols() -> Vec<Symbol> {
    functions![sw_exit(_, _, _, _, _, _)]
}

/// Writes the interpreter's state into the frame and yields what the body has to return.
unsafe extern "C-unwind" fn sw_exit(
    ts: *mut ThreadState,
    frame: *mut Frame,
    table: *const i32,
    row: i32,
    cells: *const u64,
    references: *const Object,
) -> Object {
    // SAFETY: table, row, cells and references are those of the version that runs in the frame.
    unsafe {
        generator::settle();
        let row = Reader::from_raw(table).row(row as usize);
        let mut maker = Maker {
            slots: (&raw mut (*frame).localsplus).cast(),
            cells,
            references,
            boxes: Vec::new(),
            failure: null_mut(),
        };
        let locals: Vec<_> = row
            .locals
            .iter()
            .map(|(slot, source)| (*slot as usize, maker.object(*source)))
            .collect();
        let stack: Vec<_> = row
            .stack
            .iter()
            .map(|source| maker.object(*source))
            .collect();
        let has_stack = stack
            .iter()
            .zip(&row.stack)
            .all(|(object, source)| !object.is_null() || !source.is_made());
        if has_stack {
            write(frame, &row, &stack, &locals);
        } else {
            // No handler of the function could go on without the whole stack: the exception leaves it.
            write(frame, &row, &[], &locals);
            stack.into_iter().for_each(|object| xdecref(object));
        }
        match (maker.failure.is_null(), has_stack) {
            (true, _) => null_mut::<c::PyObject>().with_addr(EXIT),
            (false, true) => raise(ts, frame, maker.failure, EXIT_RAISING),
            (false, false) => raise(ts, frame, maker.failure, 0),
        }
    }
}

/// Everything is in place before the old objects are dropped: that can run Python that looks at the frame.
unsafe fn write(frame: *mut Frame, row: &Row, stack: &[Object], locals: &[(usize, Object)]) {
    // SAFETY: a frame has room for its locals and its stack; the slots own what they hold.
    unsafe {
        let slots = (&raw mut (*frame).localsplus).cast::<Object>();
        let base = (*frame::code(frame)).co_nlocalsplus;
        for (index, object) in stack.iter().enumerate() {
            *slots.add(base as usize + index) = *object;
        }
        (*frame).stacktop = base + stack.len() as i32;
        frame::set_offset(frame, row.offset as i32);
        (*frame).return_offset = row.number as u16;
        let old: Vec<_> = locals
            .iter()
            .map(|(slot, object)| std::mem::replace(&mut *slots.add(*slot), *object))
            .collect();
        old.into_iter().for_each(|object| xdecref(object));
    }
}

#[cold]
unsafe fn raise(
    ts: *mut ThreadState,
    frame: *mut Frame,
    exception: Object,
    status: usize,
) -> Object {
    // SAFETY: the exception is owned.
    unsafe {
        c::PyErr_SetRaisedException(exception);
        frame::add_traceback(ts, frame);
    }
    null_mut::<c::PyObject>().with_addr(status)
}

/// Makes the objects of an exit.
struct Maker {
    slots: *const Object,
    cells: *const u64,
    references: *const Object,
    /// The boxes made so far, borrowed: a value in several places is one object.
    boxes: Vec<(Native, Place, Object)>,
    /// The first exception raised meanwhile, owned.
    failure: Object,
}

impl Maker {
    /// A new reference, or null: when that is what the source says, or after a failure.
    unsafe fn object(&mut self, source: Source) -> Object {
        // SAFETY: as the maker's.
        unsafe {
            match source {
                Source::Keep | Source::Null => null_mut(),
                Source::Slot(slot) => shared(*self.slots.add(slot as usize)),
                Source::Constant(entry) => new_ref(*self.references.add(entry as usize)),
                Source::Object(cell) => self.cells.add(cell as usize).cast::<Object>().read(),
                Source::Native(native, place) => self.native(native, place),
                Source::NativeIf(_, _, bound) if self.bits(bound) == 0 => null_mut(),
                Source::NativeIf(native, place, _) => self.native(native, place),
                Source::Range(places) => {
                    let [start, length, step] = places.map(|place| self.bits(place) as i64);
                    self.checked(range_iterator(start, length, step))
                }
            }
        }
    }

    unsafe fn native(&mut self, native: Native, place: Place) -> Object {
        let same = |(kind, other, _): &&(Native, Place, Object)| (*kind, *other) == (native, place);
        if let Some((_, _, object)) = self.boxes.iter().find(same) {
            // SAFETY: the first place that got the box has a reference.
            return unsafe { shared(*object) };
        }
        // SAFETY: as the maker's.
        let object = unsafe { self.boxed(native, place) };
        let object = self.checked(object);
        self.boxes.push((native, place, object));
        object
    }

    unsafe fn boxed(&self, native: Native, place: Place) -> Object {
        // SAFETY: as the maker's.
        unsafe {
            let bits = self.bits(place);
            match native {
                Native::Int => c::PyLong_FromLongLong(bits as i64),
                Native::Float => c::PyFloat_FromDouble(f64::from_bits(bits)),
                Native::Bool => c::PyBool_FromLong((bits & 1) as i64),
                Native::Complex => {
                    let imaginary = match place {
                        Place::Cell(cell) => self.bits(Place::Cell(cell + 1)),
                        Place::Bits(_) => 0,
                    };
                    c::PyComplex_FromDoubles(f64::from_bits(bits), f64::from_bits(imaginary))
                }
            }
        }
    }

    unsafe fn bits(&self, place: Place) -> u64 {
        match place {
            // SAFETY: as the maker's.
            Place::Cell(cell) => unsafe { *self.cells.add(cell as usize) },
            Place::Bits(bits) => bits,
        }
    }

    /// Notes a failure, and clears the exception so that more objects can be made.
    fn checked(&mut self, object: Object) -> Object {
        if object.is_null() {
            // SAFETY: the GIL is held, and the function that failed has set an exception.
            unsafe {
                let exception = c::PyErr_GetRaisedException();
                xdecref(std::mem::replace(&mut self.failure, exception));
            }
        }
        object
    }
}

/// A reference more, unless it is null.
unsafe fn shared(object: Object) -> Object {
    // SAFETY: the object is null or alive.
    unsafe { xincref(object) };
    object
}

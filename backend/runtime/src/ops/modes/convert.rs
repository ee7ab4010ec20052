//! Arguments by the rules of a mode, and errors that name the parameter.

use super::lanes;
use crate::{
    frame::{self, Frame},
    object::{Object, Owned, is_exactly, type_of},
};
use std::ffi::CStr;
use stepwell_abi::{CALL_RESULT, CONVERSIONS, cpython as c};

/// Where a native value is written: as large as the largest.
pub(super) type Out = *mut u8;

/// Why an argument has no native value.
pub(super) enum Refusal {
    /// It is of another type.
    Type,
    /// It is a number that the type does not hold.
    Range,
    /// It has another length: this one.
    Length(c::Py_ssize_t),
    /// An exception of its own is set.
    Raised,
}

pub(super) unsafe extern "C-unwind" fn sw_convert(
    frame: *mut Frame,
    object: Object,
    slot: i32,
    kind: i32,
    out: Out,
) -> i32 {
    // SAFETY: the module's conditions; `out` is writable and large enough for the kind.
    unsafe {
        match convert(object, kind, out) {
            Ok(()) => 0,
            Err(refusal) => {
                raise(frame, object, slot, kind, &refusal);
                -1
            }
        }
    }
}

unsafe fn convert(object: Object, kind: i32, out: Out) -> Result<(), Refusal> {
    // SAFETY: as the caller's.
    unsafe {
        match kind {
            0 | 1 => {
                let value = signed(object)?;
                if kind == 1 && i32::try_from(value).is_err() {
                    return Err(Refusal::Range);
                }
                out.cast::<i64>().write(value);
            }
            2 => out.cast::<u64>().write(unsigned(object)?),
            3 => out.cast::<f64>().write(float(object)?),
            4 => out.cast::<f64>().write(f64::from(float(object)? as f32)),
            5 | 6 => {
                let [real, imag] = complex(object)?;
                let round = |part: f64| {
                    if kind == 6 {
                        f64::from(part as f32)
                    } else {
                        part
                    }
                };
                out.cast::<[f64; 2]>().write([round(real), round(imag)]);
            }
            7 | 11 => {
                let memory = lanes::memory(object, kind == 11)?;
                out.cast::<lanes::Memory>().write(memory);
            }
            8 => lanes::floats(object, out.cast())?,
            9 => lanes::integers(object, out.cast())?,
            _ if object == &raw mut c::_Py_NoneStruct => {
                out.cast::<(i64, f64)>().write((0, 0.0));
            }
            _ => out.cast::<(i64, f64)>().write((1, float(object)?)),
        }
        Ok(())
    }
}

/// An integer: an `int` or what has `__index__`.
unsafe fn index(object: Object) -> Result<Owned, Refusal> {
    // SAFETY: as the caller's.
    unsafe {
        if c::PyIndex_Check(object) == 0 {
            return Err(Refusal::Type);
        }
        Owned::steal(c::PyNumber_Index(object)).ok_or(Refusal::Raised)
    }
}

/// An integer of 64 bits.
pub(super) unsafe fn signed(object: Object) -> Result<i64, Refusal> {
    // SAFETY: as the caller's.
    unsafe {
        let number = index(object)?;
        let mut overflow = 0;
        let value = c::PyLong_AsLongLongAndOverflow(number.get(), &raw mut overflow);
        if overflow == 0 {
            Ok(value)
        } else {
            Err(Refusal::Range)
        }
    }
}

unsafe fn unsigned(object: Object) -> Result<u64, Refusal> {
    // SAFETY: as the caller's.
    unsafe {
        let number = index(object)?;
        let value = c::PyLong_AsUnsignedLongLong(number.get());
        if value == u64::MAX && !c::PyErr_Occurred().is_null() {
            c::PyErr_Clear();
            return Err(Refusal::Range);
        }
        Ok(value)
    }
}

/// A float: a `float`, or what has `__float__` or `__index__`. No text.
pub(super) unsafe fn float(object: Object) -> Result<f64, Refusal> {
    // SAFETY: as the caller's.
    unsafe {
        if is_exactly(object, &raw const c::PyFloat_Type) {
            return Ok((*object.cast::<c::PyFloatObject>()).ob_fval);
        }
        let methods = (*type_of(object)).tp_as_number;
        if methods.is_null() || ((*methods).nb_float.is_none() && (*methods).nb_index.is_none()) {
            return Err(Refusal::Type);
        }
        let value = c::PyFloat_AsDouble(object);
        if value == -1.0 && !c::PyErr_Occurred().is_null() {
            return Err(Refusal::Raised);
        }
        Ok(value)
    }
}

unsafe fn complex(object: Object) -> Result<[f64; 2], Refusal> {
    // SAFETY: as the caller's.
    unsafe {
        let has_method = c::PyObject_HasAttrString(object, c"__complex__".as_ptr()) == 1;
        if !has_method {
            return Ok([float(object)?, 0.0]);
        }
        let value = c::PyComplex_AsCComplex(object);
        if value.real == -1.0 && !c::PyErr_Occurred().is_null() {
            return Err(Refusal::Raised);
        }
        Ok([value.real, value.imag])
    }
}

/// Sets the exception for a refusal: it names function, parameter, what was wanted and given, and the line.
unsafe fn raise(frame: *mut Frame, object: Object, slot: i32, kind: i32, refusal: &Refusal) {
    // SAFETY: the frame's code object has a name for each slot; the formats fit the arguments.
    unsafe {
        let (name, wanted) = CONVERSIONS[(kind as usize).min(CONVERSIONS.len() - 1)];
        // Whether a function writes is none of the mode's name.
        let name = name.strip_prefix("writable ").unwrap_or(name);
        let text = |text: &str| {
            Owned::steal(c::PyUnicode_FromStringAndSize(
                text.as_ptr().cast(),
                text.len() as _,
            ))
        };
        let (Some(name), Some(wanted)) = (text(name), text(wanted)) else {
            return;
        };
        let code = frame::code(frame);
        let Some(place) = place(code, slot) else {
            return;
        };
        let (class, format): (Object, &CStr) = match refusal {
            Refusal::Raised => return,
            Refusal::Type => (
                c::PyExc_TypeError,
                c"%U() %U must be %U, not %.200s: mode \"%U\" (File \"%U\", line %d)",
            ),
            Refusal::Range => (
                c::PyExc_OverflowError,
                c"%U() %U must be %U, and this %.200s is out of range: mode \"%U\" (File \"%U\", line %d)",
            ),
            Refusal::Length(length) => {
                c::PyErr_Format(
                    c::PyExc_ValueError,
                    c"%U() %U must be %U, not of length %zd: mode \"%U\" (File \"%U\", line %d)".as_ptr(),
                    (*code).co_qualname,
                    place.get(),
                    wanted.get(),
                    *length,
                    name.get(),
                    (*code).co_filename,
                    (*code).co_firstlineno,
                );
                return;
            }
        };
        c::PyErr_Format(
            class,
            format.as_ptr(),
            (*code).co_qualname,
            place.get(),
            wanted.get(),
            (*type_of(object)).tp_name,
            name.get(),
            (*code).co_filename,
            (*code).co_firstlineno,
        );
    }
}

/// The words for what a slot stands for: a parameter, or the result of a call.
unsafe fn place(code: *mut c::PyCodeObject, slot: i32) -> Option<Owned> {
    // SAFETY: the code object has a name for each slot; the formats fit the arguments.
    unsafe {
        let words = match slot {
            CALL_RESULT => c::PyUnicode_FromString(c"calls a function whose result".as_ptr()),
            _ => {
                let name = c::PyTuple_GetItem((*code).co_localsplusnames, slot as _);
                c::PyUnicode_FromFormat(c"argument '%U'".as_ptr(), name)
            }
        };
        Owned::steal(words)
    }
}

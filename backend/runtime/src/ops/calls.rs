//! Calls, functions, closures.

mod direct;
mod lists;

use super::names::{Lookup, item};
use crate::{
    call, compiler,
    frame::{self, Frame},
    object::{
        Object, Owned, ThreadState, decref, is_exactly, new_ref, tuple_items, type_of, xdecref,
    },
    symbols::{Symbol, functions},
    unit::Unit,
};
use std::ptr::null_mut;
use stepwell_abi::cpython as c;

pub(super) fn symbols() -> Vec<Symbol> {
    functions![
        sw_call(_, _, _, _),
        sw_call_ex(_, _, _, _),
        sw_call_intrinsic_1(_, _, _),
        sw_call_intrinsic_2(_, _, _, _),
        sw_make_function(_, _),
        sw_set_function_attribute(_, _, _),
        sw_load_closure(_, _),
        sw_load_deref(_, _, _, _),
        sw_load_from_dict_or_deref(_, _, _, _, _),
        sw_store_deref(_, _),
        sw_delete_deref(_, _, _, _),
    ]
}

/// Tells the callee that it may use the place in front of the arguments.
const ARGUMENTS_OFFSET: usize = 1 << (usize::BITS - 1);

unsafe extern "C-unwind" fn sw_call(
    callable: Object,
    array: *mut Object,
    nargs: i64,
    kwnames: Object,
) -> Object {
    // SAFETY: the module's conditions; the array begins with a free place and self.
    unsafe {
        if kwnames.is_null() {
            // Each of these has the registers of this function, and nothing to save for the others.
            if is_exactly(callable, &raw const c::PyFunction_Type) {
                return call_function(callable, array, nargs);
            }
            if is_exactly(callable, &raw const c::PyMethodDescr_Type) {
                return call_method(callable, array, nargs);
            }
            return call_other(callable, array, nargs);
        }
        let (arguments, count) = arguments(array, nargs);
        let positional = count - tuple_items(kwnames).len();
        c::PyObject_Vectorcall(callable, arguments, positional | ARGUMENTS_OFFSET, kwnames)
    }
}

/// The arguments of a call, and their count: behind a free place, self if there is one, and the others.
#[inline(always)]
unsafe fn arguments(array: *mut Object, nargs: i64) -> (*mut Object, usize) {
    // SAFETY: as `sw_call`.
    unsafe {
        let has_self = usize::from(!(*array.add(1)).is_null());
        (array.add(2 - has_self), nargs as usize + has_self)
    }
}

#[inline(never)]
unsafe extern "C-unwind" fn call_function(
    callable: Object,
    array: *mut Object,
    nargs: i64,
) -> Object {
    // SAFETY: as `sw_call`.
    unsafe {
        let (arguments, count) = arguments(array, nargs);
        call::call(callable.cast(), arguments, count)
    }
}

#[inline(never)]
unsafe extern "C-unwind" fn call_method(
    callable: Object,
    array: *mut Object,
    nargs: i64,
) -> Object {
    // SAFETY: as `sw_call`.
    unsafe {
        let (arguments, count) = arguments(array, nargs);
        if count > 0
            && let Some(result) = lists::call(callable, arguments, count)
        {
            return result;
        }
        call_by(direct::method, callable, array, nargs)
    }
}

#[inline(never)]
unsafe extern "C-unwind" fn call_other(callable: Object, array: *mut Object, nargs: i64) -> Object {
    // SAFETY: as `sw_call`.
    unsafe { call_by(direct::call, callable, array, nargs) }
}

/// Calls in a short way if it is one for this callable.
#[inline(always)]
unsafe fn call_by(
    way: unsafe fn(Object, *mut Object, usize) -> Option<Object>,
    callable: Object,
    array: *mut Object,
    nargs: i64,
) -> Object {
    // SAFETY: as `sw_call`.
    unsafe {
        let (arguments, count) = arguments(array, nargs);
        way(callable, arguments, count)
            .unwrap_or_else(|| call_generally(callable, arguments, count))
    }
}

#[cold]
unsafe fn call_generally(callable: Object, arguments: *const Object, count: usize) -> Object {
    // SAFETY: as `sw_call`.
    unsafe { c::PyObject_Vectorcall(callable, arguments, count | ARGUMENTS_OFFSET, null_mut()) }
}

unsafe extern "C-unwind" fn sw_call_ex(
    ts: *mut ThreadState,
    callable: Object,
    positional: Object,
    keywords: Object,
) -> Object {
    // SAFETY: the module's conditions.
    unsafe {
        if is_exactly(positional, &raw const c::PyTuple_Type) {
            return c::PyObject_Call(callable, positional, keywords);
        }
        if (*type_of(positional)).tp_iter.is_none() && c::PySequence_Check(positional) == 0 {
            c::_PyErr_Clear(ts);
            if let Some(name) = Owned::steal(c::_PyObject_FunctionStr(callable)) {
                let message = c"%U argument after * must be an iterable, not %.200s";
                let given = (*type_of(positional)).tp_name;
                c::PyErr_Format(c::PyExc_TypeError, message.as_ptr(), name.get(), given);
            }
            return null_mut();
        }
        match Owned::steal(c::PySequence_Tuple(positional)) {
            Some(tuple) => c::PyObject_Call(callable, tuple.get(), keywords),
            None => null_mut(),
        }
    }
}

unsafe extern "C-unwind" fn sw_call_intrinsic_1(
    ts: *mut ThreadState,
    kind: i32,
    value: Object,
) -> Object {
    // SAFETY: the frontend emits only numbers that the interpreter has.
    unsafe {
        let table = (&raw const c::_PyIntrinsics_UnaryFunctions).cast::<c::intrinsic_func1_info>();
        match (*table.add(kind as usize)).func {
            Some(function) => function(ts, value),
            None => null_mut(),
        }
    }
}

unsafe extern "C-unwind" fn sw_call_intrinsic_2(
    ts: *mut ThreadState,
    kind: i32,
    lhs: Object,
    rhs: Object,
) -> Object {
    // SAFETY: as `sw_call_intrinsic_1`.
    unsafe {
        let table = (&raw const c::_PyIntrinsics_BinaryFunctions).cast::<c::intrinsic_func2_info>();
        match (*table.add(kind as usize)).func {
            Some(function) => function(ts, lhs, rhs),
            None => null_mut(),
        }
    }
}

unsafe extern "C-unwind" fn sw_make_function(frame: *mut Frame, code: Object) -> Object {
    // SAFETY: the module's conditions.
    unsafe {
        let function = c::PyFunction_New(code, (*frame).f_globals);
        let code = code.cast::<c::PyCodeObject>();
        if !function.is_null() && !adopt(function.cast(), code, || like_maker(frame, code)) {
            c::_PyFunction_SetVersion(function.cast(), (*code).co_version);
        }
        function
    }
}

/// Makes calls of a function try compiled code. Its code gets a unit if it has none. Whether it did: a function that
/// others may call by its version has to be interpreted.
pub(crate) unsafe fn adopt(
    function: *mut c::PyFunctionObject,
    code: *mut c::PyCodeObject,
    attach: impl FnOnce() -> Option<&'static Unit>,
) -> bool {
    // SAFETY: the module's conditions; the function has this code.
    unsafe {
        let unit = match Unit::of(code) {
            Some(unit) => unit.is_nested().then_some(unit),
            None if (*code).co_flags as u32 & c::CO_OPTIMIZED != 0 => attach(),
            None => None,
        };
        if unit.is_none() {
            return false;
        }
        let redirected = call::redirect(function, code);
        if !redirected {
            c::PyErr_Clear();
        }
        redirected
    }
}

/// A unit for the code of a function that is to be compiled as its maker is, or its caller.
pub(crate) unsafe fn like_maker<'a>(
    frame: *mut Frame,
    code: *mut c::PyCodeObject,
) -> Option<&'a Unit> {
    // SAFETY: as of `adopt`; the code has no unit.
    unsafe {
        let maker = Unit::of(frame::code(frame))?;
        compiler::current()?.adopt(maker, code)
    }
}

unsafe extern "C-unwind" fn sw_set_function_attribute(flag: i32, function: Object, value: Object) {
    // SAFETY: the function is new: the field is empty.
    unsafe {
        let function = function.cast::<c::PyFunctionObject>();
        let field = match flag {
            1 => &raw mut (*function).func_defaults,
            2 => &raw mut (*function).func_kwdefaults,
            4 => &raw mut (*function).func_annotations,
            _ => &raw mut (*function).func_closure,
        };
        *field = value;
    }
}

unsafe extern "C-unwind" fn sw_load_closure(frame: *mut Frame, index: i32) -> Object {
    // SAFETY: the closure has a cell for each free variable.
    unsafe {
        let closure = (*(*frame).f_funcobj.cast::<c::PyFunctionObject>()).func_closure;
        tuple_items(closure)[index as usize]
    }
}

unsafe extern "C-unwind" fn sw_load_deref(
    ts: *mut ThreadState,
    frame: *mut Frame,
    cell: Object,
    index: i32,
) -> Object {
    // SAFETY: the module's conditions.
    unsafe {
        let value = (*cell.cast::<c::PyCellObject>()).ob_ref;
        if value.is_null() {
            c::_PyEval_FormatExcUnbound(ts, frame::code(frame), index);
            return null_mut();
        }
        new_ref(value)
    }
}

unsafe extern "C-unwind" fn sw_load_from_dict_or_deref(
    ts: *mut ThreadState,
    frame: *mut Frame,
    dict: Object,
    cell: Object,
    index: i32,
) -> Object {
    // SAFETY: the module's conditions.
    unsafe {
        let name = tuple_items((*frame::code(frame)).co_localsplusnames)[index as usize];
        match item(dict, name) {
            Lookup::Found(value) => value,
            Lookup::Raised => null_mut(),
            Lookup::Missing => sw_load_deref(ts, frame, cell, index),
        }
    }
}

unsafe extern "C-unwind" fn sw_store_deref(cell: Object, value: Object) {
    // SAFETY: the module's conditions; the cell takes over the reference.
    unsafe {
        let contents = &raw mut (*cell.cast::<c::PyCellObject>()).ob_ref;
        xdecref(std::ptr::replace(contents, value));
    }
}

unsafe extern "C-unwind" fn sw_delete_deref(
    ts: *mut ThreadState,
    frame: *mut Frame,
    cell: Object,
    index: i32,
) -> i32 {
    // SAFETY: the module's conditions.
    unsafe {
        let old = std::ptr::replace(
            &raw mut (*cell.cast::<c::PyCellObject>()).ob_ref,
            null_mut(),
        );
        if old.is_null() {
            c::_PyEval_FormatExcUnbound(ts, frame::code(frame), index);
            return -1;
        }
        decref(old);
        0
    }
}

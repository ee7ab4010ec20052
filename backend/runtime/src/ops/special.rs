//! Special methods that are Python functions, called without the interpreter's slots in between.
//!
//! What a slot does is done here: which of two operands is asked, and what `NotImplemented` leads to. Whatever could take
//! another way, by another class of the other operand, by a builtin base, takes the interpreter's.

use super::text::Name;
use crate::{
    call,
    object::{Object, Owned, decref, flags, is_exactly, new_ref, type_of},
};
use std::{cell::UnsafeCell, ffi::CStr, ptr::null_mut};
use stepwell_abi::cpython as c;

/// What a version of a class has for a name.
#[derive(Clone, Copy)]
struct Known {
    version: u32,
    name: Object,
    /// The function, borrowed: the version vouches for it. Null when it is no Python function.
    function: Object,
}

/// How many are remembered.
const PLACES: usize = 256;

/// What is known, at places that class and name tell.
struct Table(UnsafeCell<[Known; PLACES]>);

// SAFETY: whoever uses it holds the GIL.
unsafe impl Sync for Table {}

static TABLE: Table = Table(UnsafeCell::new(
    [Known {
        version: 0,
        name: null_mut(),
        function: null_mut(),
    }; PLACES],
));

/// The Python function that instances of a class made at run time have for a special method.
#[inline]
pub(super) unsafe fn method(class: *mut c::PyTypeObject, name: &Name) -> Option<Owned> {
    // SAFETY: the module's conditions; no reference into the table outlives the function.
    unsafe {
        if (*class).tp_flags & flags::HEAP_TYPE == 0 {
            return None;
        }
        let name = name.get()?;
        let place = (&raw mut *TABLE.0.get()).cast::<Known>();
        let place = place.add(((class.addr() >> 6) ^ (name.addr() >> 5)) % PLACES);
        let known = place.read();
        let version = (*class).tp_version_tag;
        let function = if version != 0 && known.version == version && known.name == name {
            known.function
        } else {
            let found = c::_PyType_Lookup(class, name);
            let is_function = !found.is_null() && is_exactly(found, &raw const c::PyFunction_Type);
            let function = if is_function { found } else { null_mut() };
            // The lookup gives the class a version, if there are any left.
            let version = (*class).tp_version_tag;
            place.write(Known {
                version,
                name,
                function,
            });
            function
        };
        (!function.is_null()).then(|| Owned::share(function))
    }
}

/// The result of a special method for an object and its arguments: a new reference, or null with an exception set.
#[inline]
pub(super) unsafe fn call<const N: usize>(function: &Owned, arguments: [Object; N]) -> Object {
    #[repr(C)]
    struct Array<const N: usize>(Object, [Object; N]);
    let mut array = Array(null_mut(), arguments);
    // SAFETY: the module's conditions; a place in front of the arguments may be used.
    unsafe {
        let first = (&raw mut array).cast::<Object>().add(1);
        call::call(function.get().cast(), first, N)
    }
}

/// Whether an object is `NotImplemented`, which is dropped then.
unsafe fn is_refusal(result: Object) -> bool {
    let refusal = &raw mut c::_Py_NotImplementedStruct;
    if result != refusal {
        return false;
    }
    // SAFETY: the caller owns it.
    unsafe { decref(result) };
    true
}

/// A comparison of two objects of one class; `None` where the class has no Python function for it.
pub(super) unsafe fn compare(lhs: Object, rhs: Object, kind: i32) -> Option<Object> {
    static NAMES: [Name; 6] = [
        Name::new(c"__lt__"),
        Name::new(c"__le__"),
        Name::new(c"__eq__"),
        Name::new(c"__ne__"),
        Name::new(c"__gt__"),
        Name::new(c"__ge__"),
    ];
    /// The comparison with its sides exchanged.
    const SWAPPED: [i32; 6] = [4, 5, 2, 3, 0, 1];
    const SIGNS: [&CStr; 6] = [c"<", c"<=", c"==", c"!=", c">", c">="];
    // SAFETY: the module's conditions.
    unsafe {
        let class = type_of(lhs);
        if class != type_of(rhs) {
            return None;
        }
        let number = kind as usize;
        let function = method(class, NAMES.get(number)?)?;
        let result = call(&function, [lhs, rhs]);
        if !is_refusal(result) {
            return Some(result);
        }
        if let Some(reflected) = (*type_of(rhs)).tp_richcompare {
            let result = reflected(rhs, lhs, SWAPPED[number]);
            if !is_refusal(result) {
                return Some(result);
            }
        }
        Some(match kind as u32 {
            c::Py_EQ => truth_object(lhs == rhs),
            c::Py_NE => truth_object(lhs != rhs),
            _ => c::PyErr_Format(
                c::PyExc_TypeError,
                c"'%s' not supported between instances of '%.100s' and '%.100s'".as_ptr(),
                SIGNS[number].as_ptr(),
                (*type_of(lhs)).tp_name,
                (*type_of(rhs)).tp_name,
            ),
        })
    }
}

fn truth_object(holds: bool) -> Object {
    match holds {
        true => (&raw mut c::_Py_TrueStruct).cast(),
        false => (&raw mut c::_Py_FalseStruct).cast(),
    }
}

/// An operator, as its special method is named and as it is written.
pub(super) struct Operator {
    /// The special method.
    pub(super) name: Name,
    /// Where in `tp_as_number` the slot is that comes first for `lhs op= rhs`; none for `lhs op rhs`.
    pub(super) in_place: Option<usize>,
    /// As in error messages.
    pub(super) sign: &'static CStr,
}

/// An operator on two objects of one class, or on one and a number, where the class has a Python function for it and
/// nothing else.
pub(super) unsafe fn binary(operator: &Operator, lhs: Object, rhs: Object) -> Option<Object> {
    // SAFETY: the module's conditions.
    unsafe {
        let class = type_of(lhs);
        let plain = [&raw const c::PyLong_Type, &raw const c::PyFloat_Type];
        if class != type_of(rhs) && !plain.iter().any(|number| is_exactly(rhs, *number)) {
            return None;
        }
        let function = method(class, &operator.name)?;
        if !is_plain(class, operator) {
            return None;
        }
        let result = call(&function, [lhs, rhs]);
        if !is_refusal(result) {
            return Some(result);
        }
        Some(c::PyErr_Format(
            c::PyExc_TypeError,
            c"unsupported operand type(s) for %.100s: '%.100s' and '%.100s'".as_ptr(),
            operator.sign.as_ptr(),
            (*type_of(lhs)).tp_name,
            (*type_of(rhs)).tp_name,
        ))
    }
}

/// Whether nothing but the special method is asked: the class is no number or sequence of the interpreter's own, and has no
/// method for the operator in place.
unsafe fn is_plain(class: *mut c::PyTypeObject, operator: &Operator) -> bool {
    // SAFETY: the caller's class is alive.
    unsafe {
        let sequence = (*class).tp_as_sequence;
        let is_sequence = !sequence.is_null()
            && ((*sequence).sq_concat.is_some() || (*sequence).sq_repeat.is_some());
        let numbers = (*class).tp_as_number;
        if is_sequence || numbers.is_null() || !is_of_objects(class) {
            return false;
        }
        operator.in_place.is_none_or(|slot| {
            let slot = numbers.byte_add(slot).cast::<*const ()>();
            (*slot).is_null()
        })
    }
}

/// Whether all the bases of a class were made at run time, but for `object`.
unsafe fn is_of_objects(class: *mut c::PyTypeObject) -> bool {
    // SAFETY: the caller's class is alive, and so are its bases; the solid one is the first in each step.
    unsafe {
        let mut base = class;
        while (*base).tp_flags & flags::HEAP_TYPE != 0 {
            base = (*base).tp_base;
        }
        base == &raw mut c::PyBaseObject_Type
    }
}

/// `container[key]`.
pub(super) unsafe fn item(container: Object, key: Object) -> Option<Object> {
    static GET: Name = Name::new(c"__getitem__");
    // SAFETY: the module's conditions.
    unsafe {
        let function = method(type_of(container), &GET)?;
        Some(call(&function, [container, key]))
    }
}

/// `container[key] = value`.
pub(super) unsafe fn set_item(container: Object, key: Object, value: Object) -> Option<i32> {
    static SET: Name = Name::new(c"__setitem__");
    // SAFETY: the module's conditions.
    unsafe {
        let function = method(type_of(container), &SET)?;
        Some(
            match Owned::steal(call(&function, [container, key, value])) {
                Some(_) => 0,
                None => -1,
            },
        )
    }
}

/// The next item of an iterator; null at the end, perhaps with `StopIteration` set.
pub(super) unsafe fn next(iterator: Object) -> Option<Object> {
    static NEXT: Name = Name::new(c"__next__");
    // SAFETY: the module's conditions.
    unsafe {
        let function = method(type_of(iterator), &NEXT)?;
        Some(call(&function, [iterator]))
    }
}

/// A call of an instance whose class has `__call__`. `args` holds `count` arguments, and the place in front may be used.
pub(super) unsafe fn call_instance(
    callable: Object,
    args: *mut Object,
    count: usize,
) -> Option<Object> {
    static CALL: Name = Name::new(c"__call__");
    // SAFETY: the module's conditions.
    unsafe {
        let function = method(type_of(callable), &CALL)?;
        let first = args.sub(1);
        first.write(new_ref(callable));
        let result = call::call(function.get().cast(), first, count + 1);
        decref(callable);
        Some(result)
    }
}

//! Calls of builtin functions, builtin methods and classes, without the general way of calling.

use crate::{
    object::{Object, Owned, decref, flags, is_exactly, new_ref, type_of},
    ops::{control, special, strings, text::Name},
    thread,
};
use std::{cell::UnsafeCell, ptr::null_mut};
use stepwell_abi::cpython as c;

type Plain = unsafe extern "C-unwind" fn(Object, Object) -> Object;
type Fast = unsafe extern "C-unwind" fn(Object, *const Object, c::Py_ssize_t) -> Object;
type FastWithKeywords =
    unsafe extern "C-unwind" fn(Object, *const Object, c::Py_ssize_t, Object) -> Object;

/// The result of a call without keywords, a new reference or null with an exception set, of what is neither a Python
/// function nor a method of a builtin type; `None` for callables that are called in the general way.
///
/// # Safety
/// The conditions of the module. `args` holds `count` arguments, and the place in front of it may be used.
#[inline]
pub(super) unsafe fn call(callable: Object, args: *mut Object, count: usize) -> Option<Object> {
    // SAFETY: as the caller's.
    unsafe {
        if is_exactly(callable, &raw const c::PyCFunction_Type) {
            let function = callable.cast::<c::PyCFunctionObject>();
            let definition = (*function).m_ml;
            let receiver = match (*definition).ml_flags as u32 & c::METH_STATIC {
                0 => (*function).m_self,
                _ => null_mut(),
            };
            let result = run(definition, receiver, args, count)?;
            return Some(checked(callable, result));
        }
        if is_exactly(callable, &raw const c::PyType_Type) {
            return instance(callable.cast(), args, count)
                .or_else(|| converted(callable.cast(), args, count));
        }
        if is_exactly(callable, &raw const c::PyMethod_Type) {
            return bound(callable.cast(), args, count);
        }
        special::call_instance(callable, args, count)
    }
}

/// An object of a builtin class made of one argument, where the interpreter has an instruction for that class.
unsafe fn converted(
    class: *mut c::PyTypeObject,
    args: *const Object,
    count: usize,
) -> Option<Object> {
    if count != 1 {
        return None;
    }
    let class = class.cast_const();
    // SAFETY: as `call`.
    unsafe {
        if class == &raw const c::PyList_Type {
            let is_generator = is_exactly(*args, &raw const c::PyGen_Type);
            is_generator.then(|| control::list_of(thread::current(), *args))
        } else if class == &raw const c::PyUnicode_Type {
            Some(c::PyObject_Str(*args))
        } else if class == &raw const c::PyTuple_Type {
            Some(c::PySequence_Tuple(*args))
        } else if class == &raw const c::PyType_Type {
            Some(new_ref(type_of(*args).cast()))
        } else {
            None
        }
    }
}

/// A Python function that is bound to an object.
unsafe fn bound(method: *mut c::PyMethodObject, args: *mut Object, count: usize) -> Option<Object> {
    // SAFETY: as `call`; function and object are held, since the method may be gone before they are done.
    unsafe {
        let function = (*method).im_func;
        if !is_exactly(function, &raw const c::PyFunction_Type) {
            return None;
        }
        let function = Owned::share(function);
        let receiver = Owned::share((*method).im_self);
        let first = args.sub(1);
        first.write(receiver.get());
        Some(crate::call::call(function.get().cast(), first, count + 1))
    }
}

/// A method of a builtin type, whose first argument is the object.
///
/// # Safety
/// As [`call`].
#[inline(always)]
pub(super) unsafe fn method(callable: Object, args: *mut Object, count: usize) -> Option<Object> {
    // SAFETY: as `call`.
    unsafe {
        let descriptor = callable.cast::<c::PyMethodDescrObject>();
        let rest = count.checked_sub(1)?;
        let receiver = *args;
        let fits = type_of(receiver) == (*descriptor).d_common.d_type;
        if !fits {
            return None;
        }
        let result = run((*descriptor).d_method, receiver, args.add(1), rest)?;
        Some(checked(callable, result))
    }
}

/// Calls a C function by its convention; `None` for the conventions that pass a tuple, and for a wrong count.
#[inline(always)]
unsafe fn run(
    definition: *mut c::PyMethodDef,
    receiver: Object,
    args: *const Object,
    count: usize,
) -> Option<Object> {
    const CONVENTION: u32 = c::METH_VARARGS
        | c::METH_KEYWORDS
        | c::METH_NOARGS
        | c::METH_O
        | c::METH_FASTCALL
        | c::METH_METHOD;
    const FAST_WITH_KEYWORDS: u32 = c::METH_FASTCALL | c::METH_KEYWORDS;
    // SAFETY: as `call`; the flags tell the type of the function.
    unsafe {
        let function = (*definition).ml_meth?;
        let length = count as c::Py_ssize_t;
        Some(match ((*definition).ml_flags as u32 & CONVENTION, count) {
            (c::METH_NOARGS, 0) => counted(|| {
                strings::method(definition, receiver)
                    .unwrap_or_else(|| function(receiver, null_mut()))
            }),
            (c::METH_O, 1) if is_len(definition) => function(receiver, *args),
            (c::METH_O, 1) => counted(|| function(receiver, *args)),
            (c::METH_FASTCALL, _) => {
                std::mem::transmute::<Plain, Fast>(function)(receiver, args, length)
            }
            (FAST_WITH_KEYWORDS, _) => {
                let function = std::mem::transmute::<Plain, FastWithKeywords>(function);
                function(receiver, args, length, null_mut())
            }
            _ => return None,
        })
    }
}

/// What a C function returned. Null without an exception is the mistake of the function, which becomes an exception.
#[inline(always)]
unsafe fn checked(callable: Object, result: Object) -> Object {
    #[cold]
    unsafe fn failed(callable: Object) -> Object {
        // SAFETY: as `call`.
        unsafe {
            let ts = thread::current();
            c::_Py_CheckFunctionResult(ts, callable, null_mut(), std::ptr::null())
        }
    }
    if result.is_null() {
        // SAFETY: as `call`.
        return unsafe { failed(callable) };
    }
    result
}

/// Counts a call of a C function as one level of recursion, where the interpreter does.
#[inline(always)]
unsafe fn counted(call: impl FnOnce() -> Object) -> Object {
    // SAFETY: the GIL is held; only a counter of the thread is touched.
    unsafe {
        let ts = thread::current();
        (*ts).c_recursion_remaining -= 1;
        let where_ = c" while calling a Python object".as_ptr();
        // The check gives the level back when it fails.
        if (*ts).c_recursion_remaining < 0 && c::_Py_CheckRecursiveCall(ts, where_) != 0 {
            return null_mut();
        }
        let result = call();
        (*ts).c_recursion_remaining += 1;
        result
    }
}

/// Whether a function is `len`, of which the interpreter has an instruction of its own, which counts nothing.
#[inline(always)]
unsafe fn is_len(definition: *mut c::PyMethodDef) -> bool {
    // SAFETY: the interpreter keeps `len`, which is a builtin function.
    unsafe {
        let len = c::_PyRuntime._main_interpreter.callable_cache.len;
        definition == (*len.cast::<c::PyCFunctionObject>()).m_ml
    }
}

/// What is known of a version of a class whose instances are made by `object.__new__` and begun by a Python function.
#[derive(Clone, Copy)]
struct Begun {
    version: u32,
    /// The function, borrowed: the version vouches for it.
    init: Object,
}

/// How many classes are remembered.
const CLASSES: usize = 64;

/// Classes, at places that their addresses tell.
struct Classes(UnsafeCell<[Begun; CLASSES]>);

// SAFETY: whoever uses it holds the GIL.
unsafe impl Sync for Classes {}

static CLASSES_BEGUN: Classes = Classes(UnsafeCell::new(
    [Begun {
        version: 0,
        init: null_mut(),
    }; CLASSES],
));

/// The `__init__` of such a class, borrowed.
#[inline]
unsafe fn init_of(class: *mut c::PyTypeObject) -> Option<Object> {
    /// Types are at addresses of 16 bytes, and larger than some hundred.
    const SHIFT: u32 = 6;
    // SAFETY: as `call`; no reference into the table outlives the function.
    unsafe {
        let place = (&raw mut *CLASSES_BEGUN.0.get()).cast::<Begun>();
        let place = place.add((class.addr() >> SHIFT) % CLASSES);
        let known = place.read();
        let version = (*class).tp_version_tag;
        if version != 0 && known.version == version {
            return Some(known.init);
        }
        let init = find_init(class)?;
        // The lookup gives the class a version, if there are any left.
        let version = (*class).tp_version_tag;
        place.write(Begun { version, init });
        Some(init)
    }
}

unsafe fn find_init(class: *mut c::PyTypeObject) -> Option<Object> {
    static INIT: Name = Name::new(c"__init__");
    const ABSTRACT: u64 = 1 << 20;
    // SAFETY: as `call`.
    unsafe {
        let plain = c::PyBaseObject_Type.tp_new?;
        let made_plainly = std::ptr::fn_addr_eq((*class).tp_new?, plain)
            && (*class).tp_flags & (ABSTRACT | flags::IMMUTABLE) == 0;
        if !made_plainly {
            return None;
        }
        let init = c::_PyType_Lookup(class, INIT.get()?);
        (!init.is_null() && is_exactly(init, &raw const c::PyFunction_Type)).then_some(init)
    }
}

/// An instance of a class that is made by `object.__new__` and begun by a Python function.
unsafe fn instance(class: *mut c::PyTypeObject, args: *mut Object, count: usize) -> Option<Object> {
    // SAFETY: as `call`; the class is held by its caller, and the function is held here.
    unsafe {
        if (*class).tp_flags & flags::HEAP_TYPE == 0 {
            return None;
        }
        let init = init_of(class)?;
        let allocate = (*class).tp_alloc?;
        let Some(object) = Owned::steal(allocate(class, 0)) else {
            return Some(null_mut());
        };
        let init = Owned::steal(new_ref(init))?;
        let first = args.sub(1);
        *first = object.get();
        let answer = crate::call::call(init.get().cast(), first, count + 1);
        Some(begun(object, answer))
    }
}

/// The instance, if what its `__init__` returned is None.
unsafe fn begun(object: Owned, answer: Object) -> Object {
    // SAFETY: as `call`.
    unsafe {
        if answer.is_null() {
            return null_mut();
        }
        if answer != &raw mut c::_Py_NoneStruct {
            c::PyErr_Format(
                c::PyExc_TypeError,
                c"__init__() should return None, not '%.200s'".as_ptr(),
                (*type_of(answer)).tp_name,
            );
            decref(answer);
            return null_mut();
        }
        object.give()
    }
}

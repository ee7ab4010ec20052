//! Plain calls: those whose arguments are the parameters, in their order, perhaps without those that have defaults.
//!
//! Most calls are, and need no binding: their frame is a bump of the thread's data stack and a copy. Every other call is
//! bound by the interpreter ([`frame::push`]). The fields of a frame are filled in and cleared as CPython's
//! `_PyFrame_Initialize` and `_PyEval_FrameClearAndPop` do.

use crate::{
    frame::{self, Frame},
    object::{Object, ThreadState, decref, has_strings_only, new_ref, tuple_items, xdecref},
};
use std::{mem::MaybeUninit, ptr::null_mut};
use stepwell_abi::cpython as c;

/// How many parameters a call may have that is completed with defaults here.
const MOST_COMPLETED: usize = 16;

/// Room for one argument for each parameter.
pub(crate) struct Buffer([MaybeUninit<Object>; MOST_COMPLETED]);

impl Default for Buffer {
    fn default() -> Self {
        Self([MaybeUninit::uninit(); _])
    }
}

/// The arguments of a call: `nargs` without names, and those that `kwnames` names behind them. It is a tuple or null.
#[derive(Clone, Copy)]
pub(crate) struct Given {
    pub(crate) args: *const Object,
    pub(crate) nargs: usize,
    pub(crate) kwnames: Object,
}

impl Given {
    /// Arguments without names.
    #[inline]
    pub(crate) fn unnamed(args: *const Object, nargs: usize) -> Self {
        Self {
            args,
            nargs,
            kwnames: null_mut(),
        }
    }
}

/// The parameters of a function whose plain calls are quick: it has no `*args`, no `**kwargs`, and its calls make no
/// generator.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parameters {
    /// Those that have no names for callers come first.
    positional_only: usize,
    /// All that can be given without names.
    positional: usize,
    /// Those that are keywords only follow.
    keyword_only: usize,
}

impl Parameters {
    /// The parameters of a code object, if its plain calls are quick.
    ///
    /// # Safety
    /// `code` is a live code object.
    pub(crate) unsafe fn of(code: *mut c::PyCodeObject) -> Option<Self> {
        const OTHERS: u32 = c::CO_VARARGS
            | c::CO_VARKEYWORDS
            | c::CO_GENERATOR
            | c::CO_COROUTINE
            | c::CO_ASYNC_GENERATOR;
        const FUNCTION: u32 = c::CO_OPTIMIZED | c::CO_NEWLOCALS;
        // SAFETY: as the caller's.
        unsafe {
            let is_plain = (*code).co_flags as u32 & (OTHERS | FUNCTION) == FUNCTION;
            is_plain.then_some(Self {
                positional_only: (*code).co_posonlyargcount as usize,
                positional: (*code).co_argcount as usize,
                keyword_only: (*code).co_kwonlyargcount as usize,
            })
        }
    }

    /// The parameters of a code object whose calls make generators, if the arguments simply go to the slots.
    ///
    /// # Safety
    /// `code` is a live code object.
    pub(crate) unsafe fn of_generator(code: *mut c::PyCodeObject) -> Option<Self> {
        const OTHERS: u32 = c::CO_VARARGS | c::CO_VARKEYWORDS | c::CO_OPTIMIZED;
        // SAFETY: as the caller's.
        unsafe {
            let is_plain = (*code).co_flags as u32 & OTHERS == c::CO_OPTIMIZED;
            is_plain.then_some(Self {
                positional_only: (*code).co_posonlyargcount as usize,
                positional: (*code).co_argcount as usize,
                keyword_only: (*code).co_kwonlyargcount as usize,
            })
        }
    }

    /// How many arguments a call has that needs no defaults; `None` when all calls do.
    pub(crate) fn arity(self) -> Option<usize> {
        (self.keyword_only == 0).then_some(self.positional)
    }

    /// How many there are.
    #[inline]
    pub(crate) fn count(self) -> usize {
        self.positional + self.keyword_only
    }

    /// One argument for each parameter, borrowed: the given ones, and defaults for the others, in `buffer` if anything has to
    /// be added or moved. `None` when there are too many or too few, or when it takes more to find out.
    ///
    /// # Safety
    /// The arguments are those of a call of `function`, which has these parameters.
    #[inline]
    pub(crate) unsafe fn complete(
        self,
        function: *mut c::PyFunctionObject,
        given: Given,
        buffer: &mut Buffer,
    ) -> Option<*const Object> {
        if self.arity() == Some(given.nargs) && given.kwnames.is_null() {
            return Some(given.args);
        }
        if given.kwnames.is_null() && self.keyword_only == 0 {
            // SAFETY: as the caller's.
            return unsafe { self.with_defaults(function, given, buffer) };
        }
        let places = buffer.0.get_mut(..self.count())?;
        let unnamed = given.nargs.min(self.positional);
        if unnamed < given.nargs {
            return None;
        }
        // SAFETY: as the caller's; the names of the parameters are the first ones. The defaults are a tuple or null, and
        // belong to the last parameters. Each place is written before it is read.
        unsafe {
            for (index, place) in places.iter_mut().enumerate() {
                place.write(match index < unnamed {
                    true => *given.args.add(index),
                    false => null_mut(),
                });
            }
            let places: &mut [Object] =
                std::slice::from_raw_parts_mut(places.as_mut_ptr().cast(), places.len());
            let code = (*function).func_code.cast::<c::PyCodeObject>();
            let names = &tuple_items((*code).co_localsplusnames)[..places.len()];
            if !given.kwnames.is_null() {
                for (index, name) in tuple_items(given.kwnames).iter().enumerate() {
                    let found = names.iter().position(|known| known == name)?;
                    let is_free = found >= self.positional_only && places[found].is_null();
                    if !is_free {
                        return None;
                    }
                    places[found] = *given.args.add(given.nargs + index);
                }
            }
            let (positional, named) = places.split_at_mut(self.positional);
            if unnamed < positional.len() {
                let defaults = match (*function).func_defaults {
                    null if null.is_null() => &[],
                    defaults => tuple_items(defaults),
                };
                let without = positional.len().checked_sub(defaults.len())?;
                for (index, place) in positional.iter_mut().enumerate().skip(unnamed) {
                    if place.is_null() {
                        *place = *defaults.get(index.checked_sub(without)?)?;
                    }
                }
            }
            for (place, name) in named.iter_mut().zip(&names[self.positional..]) {
                if place.is_null() {
                    *place = named_default(function, *name)?;
                }
            }
            Some(places.as_ptr())
        }
    }

    /// The arguments of a call without names, and the last defaults for those that it leaves out.
    #[inline]
    unsafe fn with_defaults(
        self,
        function: *mut c::PyFunctionObject,
        given: Given,
        buffer: &mut Buffer,
    ) -> Option<*const Object> {
        // SAFETY: as `complete`; the defaults are a tuple or null. Each place is written.
        unsafe {
            let places = buffer.0.get_mut(..self.positional)?;
            let missing = self.positional.checked_sub(given.nargs)?;
            let defaults = (*function).func_defaults;
            if defaults.is_null() {
                return None;
            }
            let defaults = tuple_items(defaults);
            let defaults = defaults.get(defaults.len().checked_sub(missing)?..)?;
            let (first, last) = places.split_at_mut(given.nargs);
            for (index, place) in first.iter_mut().enumerate() {
                place.write(*given.args.add(index));
            }
            for (place, default) in last.iter_mut().zip(defaults) {
                place.write(*default);
            }
            Some(places.as_ptr().cast())
        }
    }
}

/// The default of a parameter that is a keyword only, borrowed.
unsafe fn named_default(function: *mut c::PyFunctionObject, name: Object) -> Option<Object> {
    // SAFETY: the caller's objects are alive; names have a hash, and among strings a lookup runs no code.
    unsafe {
        let defaults = (*function).func_kwdefaults.cast::<c::PyDictObject>();
        if defaults.is_null() || !has_strings_only(defaults) {
            return None;
        }
        let hash = (*name.cast::<c::PyASCIIObject>()).hash;
        if hash == -1 {
            return None;
        }
        let found = c::_PyDict_GetItem_KnownHash(defaults.cast(), name, hash);
        (!found.is_null()).then_some(found)
    }
}

/// Pushes the frame of a plain call; null, without an exception, when the data stack has to grow for it.
///
/// # Safety
/// `code` is the code of `function`, with `count` parameters and as many live objects in `args`; the GIL is held.
#[inline]
pub(crate) unsafe fn push(
    ts: *mut ThreadState,
    function: *mut c::PyFunctionObject,
    code: *mut c::PyCodeObject,
    args: *const Object,
    count: usize,
) -> *mut Frame {
    // SAFETY: there is room for a frame of `co_framesize` words, of which `co_nlocalsplus` slots are locals.
    unsafe {
        let frame = (*ts).datastack_top.cast::<Frame>();
        let room = (*ts).datastack_limit.addr() - frame.addr();
        let size = (*code).co_framesize as usize * size_of::<Object>();
        if frame.is_null() || size >= room {
            return null_mut();
        }
        (*ts).datastack_top = frame.byte_add(size).cast();
        (*frame).f_executable = new_ref(code.cast());
        (*frame).f_funcobj = new_ref(function.cast());
        (*frame).f_globals = (*function).func_globals;
        (*frame).f_builtins = (*function).func_builtins;
        (*frame).f_locals = null_mut();
        (*frame).frame_obj = null_mut();
        (*frame).instr_ptr = frame::resume_instruction(code);
        (*frame).stacktop = (*code).co_nlocalsplus;
        (*frame).return_offset = 0;
        (*frame).owner = c::_frameowner_FRAME_OWNED_BY_THREAD as _;
        let slots = (&raw mut (*frame).localsplus).cast::<Object>();
        for index in 0..count {
            *slots.add(index) = new_ref(*args.add(index));
        }
        for index in count..(*code).co_nlocalsplus as usize {
            // One by one: they are few, and a call of `memset` takes longer.
            slots.add(index).write_volatile(null_mut());
        }
        frame
    }
}

/// Clears an unlinked frame and frees it, unless it needs more than that: then it stays as it is, and the result is
/// false. That is the case for frames that somebody has an object of, that have a mapping of locals, that belong to a
/// generator, or that begin a piece of the data stack.
///
/// # Safety
/// As [`frame::pop`].
// What it needs itself would be on the stack during the call in code that is not optimised.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) unsafe fn pop(ts: *mut ThreadState, frame: *mut Frame) -> bool {
    // SAFETY: slots below `stacktop` own what they hold, or are null. Nobody can see the frame, whose place is given
    // back only when everything has been dropped: what is dropped may run code that pushes frames behind it.
    unsafe {
        let first = (&raw mut (*(*ts).datastack_chunk).data).cast::<Frame>();
        let is_plain = (*frame).frame_obj.is_null()
            && (*frame).f_locals.is_null()
            && (*frame).owner as u32 == c::_frameowner_FRAME_OWNED_BY_THREAD
            && frame != first;
        if !is_plain {
            return false;
        }
        let count = std::mem::replace(&mut (*frame).stacktop, 0) as usize;
        let slots = (&raw mut (*frame).localsplus).cast::<Object>();
        (*ts).c_recursion_remaining -= 1;
        for index in 0..count {
            xdecref(*slots.add(index));
        }
        decref((*frame).f_funcobj);
        decref((*frame).f_executable);
        (*ts).c_recursion_remaining += 1;
        (*ts).datastack_top = frame.cast();
        true
    }
}

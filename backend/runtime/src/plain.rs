//! Plain calls: those whose arguments are the parameters, in their order, perhaps without those that have defaults.
//!
//! Most calls are, and need no binding: their frame is a bump of the thread's data stack and a copy. Every other call is
//! bound by the interpreter ([`frame::push`]). The fields of a frame are filled in and cleared as CPython's
//! `_PyFrame_Initialize` and `_PyEval_FrameClearAndPop` do.

use crate::{
    frame::{self, Frame},
    object::{Object, ThreadState, decref, new_ref, tuple_items, xdecref},
};
use std::{mem::MaybeUninit, ptr::null_mut};
use stepwell_abi::cpython as c;

/// How many parameters a call may have that is completed with defaults here.
const MOST_COMPLETED: usize = 16;

/// Room for the arguments of a call with its defaults.
pub(crate) type Buffer = [MaybeUninit<Object>; MOST_COMPLETED];

/// The parameters of a function whose plain calls are quick: it has no `*args`, no `**kwargs`, and its calls make no
/// generator.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parameters {
    positional: usize,
    /// Those that are keywords only follow. A plain call leaves all of them to their defaults.
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
                positional: (*code).co_argcount as usize,
                keyword_only: (*code).co_kwonlyargcount as usize,
            })
        }
    }

    /// Whether a call with so many arguments needs no defaults.
    #[inline]
    pub(crate) fn are_given_by(self, nargs: usize) -> bool {
        self.positional == nargs && self.keyword_only == 0
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
}

/// One argument for each parameter, borrowed: the `nargs` given ones, and defaults behind them, in `buffer`. `None` when
/// there are too many or too few, or when it takes more to find out.
///
/// # Safety
/// `args` holds `nargs` arguments, `function` is a function with these parameters.
pub(crate) unsafe fn complete(
    function: *mut c::PyFunctionObject,
    args: *const Object,
    nargs: usize,
    parameters: Parameters,
    buffer: &mut Buffer,
) -> Option<*const Object> {
    let positional = parameters.positional;
    let buffer = buffer.get_mut(..parameters.count())?;
    let (given, missing) = buffer.split_at_mut_checked(nargs)?;
    let (missing, named) = missing.split_at_mut_checked(positional.checked_sub(nargs)?)?;
    // SAFETY: as the caller's; the defaults are a tuple or null, and belong to the last parameters.
    unsafe {
        for (index, place) in given.iter_mut().enumerate() {
            place.write(*args.add(index));
        }
        if !missing.is_empty() {
            let defaults = (*function).func_defaults;
            let defaults = (!defaults.is_null()).then(|| tuple_items(defaults))?;
            let first = defaults.len().checked_sub(missing.len())?;
            for (place, default) in missing.iter_mut().zip(&defaults[first..]) {
                place.write(*default);
            }
        }
        let code = (*function).func_code.cast::<c::PyCodeObject>();
        for (index, place) in named.iter_mut().enumerate() {
            let name = tuple_items((*code).co_localsplusnames)[positional + index];
            place.write(named_default(function, name)?);
        }
    }
    Some(buffer.as_ptr().cast())
}

/// The default of a parameter that is a keyword only, borrowed.
unsafe fn named_default(function: *mut c::PyFunctionObject, name: Object) -> Option<Object> {
    /// `DICT_KEYS_GENERAL`: keys that are not all strings, whose comparison can run code.
    const GENERAL_KEYS: u8 = 0;
    // SAFETY: the caller's objects are alive; names have a hash, and among strings a lookup runs no code.
    unsafe {
        let defaults = (*function).func_kwdefaults.cast::<c::PyDictObject>();
        if defaults.is_null() || (*(*defaults).ma_keys).dk_kind == GENERAL_KEYS {
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
            *slots.add(index) = null_mut();
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

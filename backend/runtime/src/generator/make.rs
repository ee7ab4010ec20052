//! Generators made without running the interpreter up to the instruction that makes them.

use super::{
    memory::{self, slots_of},
    resume::frame_of,
};
use crate::{
    frame,
    object::{Object, ThreadState, decref, new_ref, tuple_items},
    plain::{Buffer, Given, Parameters},
};
use std::ptr::null_mut;
use stepwell_abi::cpython as c;

/// How the generators of a code object are made.
#[derive(Debug)]
pub(crate) struct Maker {
    parameters: Parameters,
    /// The instruction behind the one that makes the generator.
    start: *mut c::_Py_CODEUNIT,
    /// The slots that begin with a cell around what is in them.
    cells: Vec<u8>,
    /// `None` for asynchronous generators, of which the interpreter has a free list.
    class: Option<*mut c::PyTypeObject>,
    slots: usize,
    /// How many of the slots are locals of its own; the free variables follow, up to `locals`.
    own: usize,
    locals: i32,
}

impl Maker {
    /// How a code object makes generators; `None` when it makes none, or arguments do not simply go to the slots.
    ///
    /// # Safety
    /// `code` is a live code object that is not instrumented.
    pub(crate) unsafe fn of(code: *mut c::PyCodeObject) -> Option<Self> {
        const KINDS: u32 = c::CO_GENERATOR | c::CO_COROUTINE | c::CO_ASYNC_GENERATOR;
        // SAFETY: as the caller's.
        unsafe {
            let class = match (*code).co_flags as u32 & KINDS {
                c::CO_GENERATOR => Some(&raw mut c::PyGen_Type),
                c::CO_COROUTINE => Some(&raw mut c::PyCoro_Type),
                _ => None,
            };
            let (start, cells) = start(code)?;
            Some(Self {
                parameters: Parameters::of_generator(code)?,
                start,
                cells,
                class,
                slots: slots_of(code),
                own: ((*code).co_nlocalsplus - (*code).co_nfreevars) as usize,
                locals: (*code).co_nlocalsplus,
            })
        }
    }

    /// What a call of `function` makes: a new reference, or null with an exception set when memory is short. `None` when
    /// the interpreter has to find out: the arguments are not the parameters, coroutines remember where they come from,
    /// or the recursion is deep.
    ///
    /// # Safety
    /// This is the maker of the code of `function`; the arguments are live objects; the GIL is held.
    #[inline]
    pub(crate) unsafe fn make(
        &self,
        ts: *mut ThreadState,
        function: *mut c::PyFunctionObject,
        given: Given,
    ) -> Option<Object> {
        let mut buffer = Buffer::default();
        // SAFETY: as the caller's.
        unsafe {
            if is_rare(ts) {
                return None;
            }
            let args = self.parameters.complete(function, given, &mut buffer)?;
            Some(self.make_with(function, args))
        }
    }

    /// As [`Maker::make`], of a call without keywords that needs no defaults.
    ///
    /// # Safety
    /// As of [`Maker::make`].
    #[inline]
    pub(crate) unsafe fn make_plainly(
        &self,
        ts: *mut ThreadState,
        function: *mut c::PyFunctionObject,
        args: *const Object,
        nargs: usize,
    ) -> Option<Object> {
        // SAFETY: as the caller's.
        unsafe {
            let is_plain = self.parameters.arity() == Some(nargs) && !is_rare(ts);
            is_plain.then(|| self.make_with(function, args))
        }
    }

    #[inline]
    unsafe fn make_with(&self, function: *mut c::PyFunctionObject, args: *const Object) -> Object {
        // SAFETY: as `make`, with an argument for each parameter.
        unsafe {
            if let Some(class) = self.class
                && let Some(generator) = memory::take(class, self.slots)
            {
                (*generator).gi_name = new_ref((*function).func_name);
                (*generator).gi_qualname = new_ref((*function).func_qualname);
                self.fill(generator, function, args);
                memory::track(generator);
                if self.cells.is_empty() {
                    return generator.cast();
                }
                return self.with_cells(generator);
            }
            let generator = c::_Py_MakeCoro(function).cast::<c::PyGenObject>();
            if generator.is_null() {
                return null_mut();
            }
            self.fill(generator, function, args);
            self.with_cells(generator)
        }
    }

    /// Writes the frame of a new generator.
    #[inline]
    unsafe fn fill(
        &self,
        generator: *mut c::PyGenObject,
        function: *mut c::PyFunctionObject,
        args: *const Object,
    ) {
        // SAFETY: the frame has room for the slots of its code, the free variables last.
        unsafe {
            let frame = frame_of(generator);
            let code = (*function).func_code.cast::<c::PyCodeObject>();
            (*frame).f_executable = new_ref(code.cast());
            (*frame).f_funcobj = new_ref(function.cast());
            (*frame).f_globals = (*function).func_globals;
            (*frame).f_builtins = (*function).func_builtins;
            (*frame).f_locals = null_mut();
            (*frame).frame_obj = null_mut();
            (*frame).previous = null_mut();
            (*frame).return_offset = 0;
            (*frame).owner = c::_frameowner_FRAME_OWNED_BY_GENERATOR as _;
            (*frame).stacktop = self.locals;
            (*frame).instr_ptr = self.start;
            let slots = (&raw mut (*frame).localsplus).cast::<Object>();
            let given = self.parameters.count();
            for i in 0..given {
                *slots.add(i) = new_ref(*args.add(i));
            }
            for i in given..self.own {
                *slots.add(i) = null_mut();
            }
            if self.own < self.locals as usize {
                for (i, cell) in tuple_items((*function).func_closure).iter().enumerate() {
                    *slots.add(self.own + i) = new_ref(*cell);
                }
            }
            (*generator).gi_hooks_inited = 0;
            (*generator).gi_closed = 0;
            (*generator).gi_running_async = 0;
            (*generator).gi_frame_state = c::_framestate_FRAME_CREATED as i8;
        }
    }

    /// Puts variables into cells that inner functions share.
    #[inline(never)]
    unsafe fn with_cells(&self, generator: *mut c::PyGenObject) -> Object {
        // SAFETY: as `fill`; a cell takes a reference of its own.
        unsafe {
            for slot in &self.cells {
                let slots = (&raw mut (*frame_of(generator)).localsplus).cast::<Object>();
                let place = slots.add(usize::from(*slot));
                let cell = c::PyCell_New(*place);
                if cell.is_null() {
                    decref(generator.cast());
                    return null_mut();
                }
                let old = std::mem::replace(&mut *place, cell);
                if !old.is_null() {
                    decref(old);
                }
            }
            generator.cast()
        }
    }
}

/// Whether coroutines remember where they come from, or the recursion is deep.
#[inline(always)]
unsafe fn is_rare(ts: *mut ThreadState) -> bool {
    // SAFETY: the caller's thread is the running one.
    unsafe { (*ts).coroutine_origin_tracking_depth != 0 || (*ts).py_recursion_remaining <= 1 }
}

/// The instruction behind the one that makes the generator, and the slots with cells, in code that does nothing else
/// before but make these and copy free variables.
unsafe fn start(code: *mut c::PyCodeObject) -> Option<(*mut c::_Py_CODEUNIT, Vec<u8>)> {
    // SAFETY: the bytecode does not end before an instruction that is none of these.
    unsafe {
        let mut instruction = frame::first_instruction(code);
        let mut cells = Vec::new();
        loop {
            let op = (*instruction).op;
            instruction = instruction.add(1);
            match u32::from(op.code) {
                c::COPY_FREE_VARS => {}
                c::MAKE_CELL => cells.push(op.arg),
                c::RETURN_GENERATOR => return Some((instruction, cells)),
                _ => return None,
            }
        }
    }
}

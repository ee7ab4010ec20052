//! `BaseEventLoop.call_soon`: a handle at the end of the queue.

use super::{LIBRARY, Library};
use crate::{
    call::interpreted,
    frame,
    monitoring::is_quiet,
    object::{Object, Owned, is_exactly, new_ref, tuple_items},
    ops::Site,
    thread,
};
use std::ptr::null_mut;
use stepwell_abi::cpython as c;

/// How deep the functions go that are not called.
const DEPTH: i32 = 8;

static CHECK_CLOSED: Site = Site::new(c"_check_closed");
static QUEUE: Site = Site::new(c"_call_soon");
static GET_DEBUG: Site = Site::new(c"get_debug");
static CLOSED: Site = Site::new(c"_closed");
static DEBUG: Site = Site::new(c"_debug");
static READY: Site = Site::new(c"_ready");
static EVENTS: Site = Site::new(c"events");
static HANDLE: Site = Site::new(c"Handle");

/// Where a handle has its attributes, in bytes.
#[derive(Debug)]
pub(super) struct Slots {
    callback: isize,
    args: isize,
    cancelled: isize,
    event_loop: isize,
    traceback: isize,
    repr: isize,
    context: isize,
}

impl Slots {
    /// Those of the class, if its instances are as expected.
    pub(super) unsafe fn of(class: *mut c::PyTypeObject) -> Option<Self> {
        // SAFETY: as of `take_over`; a member descriptor has its member.
        unsafe {
            let is_plain = (*class).tp_base == &raw mut c::PyBaseObject_Type
                && (*class).tp_new.map(|f| f as usize)
                    == c::PyBaseObject_Type.tp_new.map(|f| f as usize);
            let place = |name: &std::ffi::CStr| {
                let name = Owned::steal(c::PyUnicode_InternFromString(name.as_ptr()))?;
                let found = c::_PyType_Lookup(class, name.get());
                let is_member =
                    !found.is_null() && is_exactly(found, &raw const c::PyMemberDescr_Type);
                is_member
                    .then(|| (*(*found.cast::<c::PyMemberDescrObject>()).d_member).offset as isize)
            };
            if !is_plain {
                return None;
            }
            Some(Self {
                callback: place(c"_callback")?,
                args: place(c"_args")?,
                cancelled: place(c"_cancelled")?,
                event_loop: place(c"_loop")?,
                traceback: place(c"_source_traceback")?,
                repr: place(c"_repr")?,
                context: place(c"_context")?,
            })
        }
    }
}

/// The vectorcall of the function.
pub(super) unsafe extern "C-unwind" fn vectorcall(
    function: Object,
    args: *const Object,
    nargsf: usize,
    kwnames: Object,
) -> Object {
    // SAFETY: called as the vectorcall of `call_soon`, which exists when the library has been found.
    unsafe {
        if let Some(Some(library)) = LIBRARY.get()
            && let Some(handle) = call(library, args, nargsf & (usize::MAX >> 1), kwnames)
        {
            return handle.give();
        }
        interpreted().map_or(null_mut(), |original| {
            original(function, args, nargsf, kwnames)
        })
    }
}

/// The handle of a callback that has been queued. `None`, with nothing done, when it is for the interpreter.
unsafe fn call(
    library: &Library,
    args: *const Object,
    nargs: usize,
    kwnames: Object,
) -> Option<Owned> {
    // SAFETY: as the caller's.
    unsafe {
        let given = std::slice::from_raw_parts(args, nargs);
        let [event_loop, callback, rest @ ..] = given else {
            return None;
        };
        let context = context(kwnames, args.add(nargs))?;
        let ts = thread::current();
        let may_go = is_quiet(ts) && !frame::is_deep(ts) && (*ts).py_recursion_remaining > DEPTH;
        if !may_go || !is_the_librarys(library, *event_loop) {
            return None;
        }
        let queue = Owned::share(READY.value(*event_loop)?);
        if !is_exactly(queue.get(), library.deque) {
            return None;
        }
        let handle = handle(library, *event_loop, *callback, rest, context)?;
        match Owned::steal((library.append)(queue.get(), handle.get())) {
            Some(_none) => Some(handle),
            None => {
                c::PyErr_Clear();
                None
            }
        }
    }
}

/// The context that is given by name. `None` when it is not.
unsafe fn context(kwnames: Object, named: *const Object) -> Option<Object> {
    // SAFETY: as the caller's.
    unsafe {
        if kwnames.is_null() {
            return None;
        }
        let [name] = tuple_items(kwnames) else {
            return None;
        };
        let is_context = c::PyUnicode_EqualToUTF8(*name, c"context".as_ptr()) != 0;
        (is_context && *named != &raw mut c::_Py_NoneStruct).then_some(*named)
    }
}

/// Whether a loop is open, does not debug, and does what the library says, with the library's handles.
unsafe fn is_the_librarys(library: &Library, event_loop: Object) -> bool {
    let no = Some((&raw mut c::_Py_FalseStruct).cast());
    // SAFETY: as the caller's.
    unsafe {
        library.call_soon.is_unchanged()
            && library.init.is_unchanged()
            && library.check_closed.is(CHECK_CLOSED.method(event_loop))
            && library.queue.is(QUEUE.method(event_loop))
            && library.get_debug.is(GET_DEBUG.method(event_loop))
            && CLOSED.value(event_loop) == no
            && DEBUG.value(event_loop) == no
            && (*library.handle).tp_version_tag == library.version
            && EVENTS.value(library.base_events) == Some(library.events)
            && HANDLE.value(library.events) == Some(library.handle.cast())
    }
}

/// What `Handle(callback, args, loop, context)` makes. `None` when memory is short.
unsafe fn handle(
    library: &Library,
    event_loop: Object,
    callback: Object,
    args: &[Object],
    context: Object,
) -> Option<Owned> {
    let none = &raw mut c::_Py_NoneStruct;
    // SAFETY: the slots of a new object are empty.
    unsafe {
        let args = tuple(args);
        let object = Owned::steal(c::PyType_GenericAlloc(library.handle, 0));
        let (Some(args), Some(object)) = (args, object) else {
            c::PyErr_Clear();
            return None;
        };
        let slots = &library.slots;
        let set = |place: isize, value: Object| {
            *object.get().byte_offset(place).cast::<Object>() = value;
        };
        set(slots.context, new_ref(context));
        set(slots.event_loop, new_ref(event_loop));
        set(slots.callback, new_ref(callback));
        set(slots.args, args.give());
        set(slots.cancelled, (&raw mut c::_Py_FalseStruct).cast());
        set(slots.repr, none);
        set(slots.traceback, none);
        Some(object)
    }
}

/// A tuple of objects. `None` with an exception set when memory is short.
unsafe fn tuple(items: &[Object]) -> Option<Owned> {
    // SAFETY: as the caller's; the places of a new tuple are empty.
    unsafe {
        let tuple = Owned::steal(c::PyTuple_New(items.len() as c::Py_ssize_t))?;
        let first = (&raw mut (*tuple.get().cast::<c::PyTupleObject>()).ob_item).cast::<Object>();
        for (index, item) in items.iter().enumerate() {
            *first.add(index) = new_ref(*item);
        }
        Some(tuple)
    }
}

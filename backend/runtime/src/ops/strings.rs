//! Short ways for strings: characters of ASCII, and appending to a string that nobody else has.

use crate::object::{Object, is_exactly, method_of, type_of};
use std::{
    ffi::CStr,
    sync::{
        OnceLock,
        atomic::{AtomicPtr, Ordering::Relaxed},
    },
};
use stepwell_abi::cpython as c;

/// The iterator over a string of ASCII. Its type is not declared.
#[repr(C)]
struct AsciiIterator {
    base: c::PyObject,
    index: c::Py_ssize_t,
    /// Null when the iterator is exhausted.
    text: Object,
}

/// The type of the iterators over strings of ASCII; null before it is asked for, and when memory was short.
fn ascii_iterator() -> *mut c::PyTypeObject {
    static TYPE: OnceLock<usize> = OnceLock::new();
    let address = TYPE.get_or_init(|| {
        // SAFETY: callers hold the GIL. Types of iterators live for ever.
        unsafe {
            let iterator = c::PyObject_GetIter(character(b'a'));
            if iterator.is_null() {
                c::PyErr_Clear();
                return 0;
            }
            let class = type_of(iterator);
            c::Py_DecRef(iterator);
            class.expose_provenance()
        }
    });
    std::ptr::with_exposed_provenance_mut(*address)
}

/// The next character of exactly an iterator over a string of ASCII; `None` at the end, and for others.
///
/// # Safety
/// The GIL is held and the object alive.
#[inline]
pub(super) unsafe fn next_character(iterator: Object) -> Option<Object> {
    // SAFETY: as the caller's; the iterator holds its string.
    unsafe {
        if !is_exactly(iterator, ascii_iterator()) {
            return None;
        }
        let iterator = iterator.cast::<AsciiIterator>();
        if (*iterator).text.is_null() {
            return None;
        }
        let character = *ascii((*iterator).text)?.get((*iterator).index as usize)?;
        (*iterator).index += 1;
        Some(self::character(character))
    }
}

/// The string of one character of ASCII, which lives for ever.
fn character(code: u8) -> Object {
    // SAFETY: only the address is taken; there is one for each of the 128 codes.
    unsafe {
        let all = &raw mut c::_PyRuntime.static_objects.singletons.strings.ascii;
        (*all).as_mut_ptr().add(usize::from(code & 127)).cast()
    }
}

/// Another string of one character, which the interpreter makes where it changes the case. Null with an exception set when
/// memory is short.
fn new_string(code: u8) -> Object {
    // SAFETY: callers hold the GIL; the string is new, and has place for one character and a zero.
    unsafe {
        let text = c::PyUnicode_New(1, 127);
        if !text.is_null() {
            text.cast::<c::PyASCIIObject>()
                .add(1)
                .cast::<u8>()
                .write(code);
        }
        text
    }
}

/// The characters of exactly a `str`, if they are all ASCII.
#[inline]
unsafe fn ascii<'a>(text: Object) -> Option<&'a [u8]> {
    // SAFETY: the caller's string is alive as long as the slice is used; the characters follow the header.
    unsafe {
        let header = text.cast::<c::PyASCIIObject>();
        let state = (*header).state;
        let is_plain = state.ascii() != 0 && state.compact() != 0;
        let first = header.add(1).cast::<u8>();
        is_plain.then(|| std::slice::from_raw_parts(first, (*header).length as usize))
    }
}

/// What a method of `str` without arguments does with one character of ASCII.
type OfCharacter = fn(u8) -> Object;

/// The methods by name.
const METHODS: [(&CStr, OfCharacter); 10] = [
    (c"isalpha", |code| truth(code.is_ascii_alphabetic())),
    (c"isdigit", |code| truth(code.is_ascii_digit())),
    (c"isdecimal", |code| truth(code.is_ascii_digit())),
    (c"isnumeric", |code| truth(code.is_ascii_digit())),
    (c"isalnum", |code| truth(code.is_ascii_alphanumeric())),
    (c"isspace", |code| truth(matches!(code, 9..=13 | 28..=32))),
    (c"isupper", |code| truth(code.is_ascii_uppercase())),
    (c"islower", |code| truth(code.is_ascii_lowercase())),
    (c"lower", |code| new_string(code.to_ascii_lowercase())),
    (c"upper", |code| new_string(code.to_ascii_uppercase())),
];

/// `True` or `False`, which live for ever.
fn truth(holds: bool) -> Object {
    if holds {
        (&raw mut c::_Py_TrueStruct).cast()
    } else {
        (&raw mut c::_Py_FalseStruct).cast()
    }
}

/// Where the interpreter has the definition of each of [`METHODS`].
fn definitions() -> &'static [usize; METHODS.len()] {
    static DEFINITIONS: OnceLock<[usize; METHODS.len()]> = OnceLock::new();
    DEFINITIONS.get_or_init(|| {
        METHODS.map(|(name, _)| {
            // SAFETY: callers hold the GIL; the methods of `str` live for ever.
            unsafe {
                let method = method_of(&raw mut c::PyUnicode_Type, name);
                if method.is_null() || !is_exactly(method, &raw const c::PyMethodDescr_Type) {
                    return 0;
                }
                (*method.cast::<c::PyMethodDescrObject>()).d_method.addr()
            }
        })
    })
}

/// What a method without arguments returns for exactly a `str` of one character of ASCII; `None` for others.
///
/// # Safety
/// The GIL is held, the object alive, or null where the function has none, and `definition` that of one of its type's
/// methods.
#[inline]
pub(super) unsafe fn method(definition: *mut c::PyMethodDef, receiver: Object) -> Option<Object> {
    // SAFETY: as the caller's.
    unsafe {
        if receiver.is_null() || !is_exactly(receiver, &raw const c::PyUnicode_Type) {
            return None;
        }
        let [code] = *ascii(receiver)? else {
            return None;
        };
        let mut known = definitions().iter();
        let number = known.position(|known| *known == definition.addr())?;
        Some(METHODS[number].1(code))
    }
}

/// Writes `more` behind a string that only one owner has, where it fits in the memory of the string. Whether it did.
///
/// # Safety
/// The GIL is held; both are exactly `str`, and not the same.
#[inline]
pub(super) unsafe fn append_in_place(text: Object, more: Object) -> bool {
    /// Longer memory is not of the interpreter's own allocator, which gives it in pieces of this many bytes.
    const LONGEST: usize = 512;
    const PIECE: usize = 16;
    // SAFETY: as the caller's.
    unsafe {
        let (Some(old), Some(new)) = (ascii(text), ascii(more)) else {
            return false;
        };
        let header = text.cast::<c::PyASCIIObject>();
        // One byte for the zero behind the last character.
        let taken = size_of::<c::PyASCIIObject>() + old.len() + 1;
        let needed = taken + new.len();
        let state = (*header).state;
        let is_unseen = (*text).__bindgen_anon_1.ob_refcnt == 1
            && (*header).hash == -1
            && state.interned() == 0
            && state.statically_allocated() == 0;
        let fits = needed <= LONGEST && taken.div_ceil(PIECE) == needed.div_ceil(PIECE);
        if !is_unseen || !fits || !has_own_allocator() {
            return false;
        }
        let end = header.add(1).cast::<u8>().add(old.len());
        // With the zero behind.
        end.copy_from_nonoverlapping(new.as_ptr(), new.len() + 1);
        (*header).length += new.len() as c::Py_ssize_t;
        true
    }
}

/// Whether objects come from the interpreter's own allocator, and nobody watches it.
#[inline]
fn has_own_allocator() -> bool {
    static ITS_OWN: AtomicPtr<()> = AtomicPtr::new(std::ptr::null_mut());
    // SAFETY: the GIL is held, which who changes the allocator holds, too.
    unsafe {
        let now = c::_PyRuntime.allocators.standard.obj.realloc;
        let now = now.map_or(std::ptr::null_mut(), |function| function as *mut ());
        if now == ITS_OWN.load(Relaxed) {
            return true;
        }
        let name = c::_PyMem_GetCurrentAllocatorName();
        let its_own = !name.is_null() && CStr::from_ptr(name) == c"pymalloc";
        if its_own {
            ITS_OWN.store(now, Relaxed);
        }
        its_own
    }
}

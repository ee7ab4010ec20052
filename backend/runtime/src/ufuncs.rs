//! The loops of NumPy's functions, run over one scalar.
//!
//! A function of NumPy (`numpy.ufunc`) has a table of loops, one for each combination of types. The table is part of NumPy's C
//! interface and the same in NumPy 1 and 2. Running the loop itself gives the very number that NumPy would give, in a
//! tenth of the time.

use crate::{
    numpy,
    object::{Owned, type_of},
};
use std::{
    ffi::{CStr, CString, c_char, c_int, c_void},
    sync::OnceLock,
};
use stepwell_abi::{LOOPS, cpython as c};

/// The beginning of a `PyUFuncObject`.
#[repr(C)]
struct Ufunc {
    base: c::PyObject,
    inputs: c_int,
    outputs: c_int,
    arguments: c_int,
    identity: c_int,
    loops: *const Option<Loop>,
    data: *const *mut c_void,
    loop_count: c_int,
    reserved: c_int,
    name: *const c_char,
    types: *const c_char,
}

/// `PyUFuncGenericFunction`: where the arguments are, how many there are, and how far apart.
type Loop = unsafe extern "C-unwind" fn(*mut *mut c_char, *const isize, *const isize, *mut c_void);

/// NumPy's number of `float64`.
const DOUBLE: c_char = 12;
/// NumPy gives no distances between the elements of scalars, and some loops go by that.
const DISTANCES: [isize; 3] = [0; 3];

/// A loop over floats of 64 bits.
#[derive(Clone, Copy)]
struct Found {
    run: Loop,
    data: *mut c_void,
    inputs: usize,
}

// SAFETY: NumPy's tables are never written, and its loops can be run by any thread.
unsafe impl Send for Found {}
// SAFETY: as above.
unsafe impl Sync for Found {}

/// The loops, once they have been looked for.
static FOUND: [OnceLock<Option<Found>>; LOOPS.len()] = [const { OnceLock::new() }; LOOPS.len()];

/// NumPy's own function of that name, if NumPy has been imported: a new reference.
///
/// # Safety
/// The GIL is held. No exception is set, and none is left.
pub unsafe fn function(name: &CStr) -> Option<Owned> {
    // SAFETY: as the caller's; modules have dictionaries.
    unsafe {
        let dict = c::PyModule_GetDict(numpy::module()?);
        let found = c::PyDict_GetItemString(dict, name.as_ptr());
        let is_ufunc =
            !found.is_null() && CStr::from_ptr((*type_of(found)).tp_name) == c"numpy.ufunc";
        is_ufunc.then(|| Owned::share(found))
    }
}

/// The loop `number` over floats of 64 bits.
unsafe fn find(number: usize) -> Option<Found> {
    // SAFETY: the GIL is held; NumPy's functions are never freed.
    unsafe {
        let name = CString::new(*LOOPS.get(number)?).ok()?;
        let function = function(&name)?;
        let ufunc = &*function.get().cast::<Ufunc>();
        let arguments = usize::try_from(ufunc.arguments).ok()?;
        if ufunc.outputs != 1 || arguments > 3 {
            return None;
        }
        let is_of_doubles = |place: &usize| {
            let types = ufunc.types.add(place * arguments);
            (0..arguments).all(|argument| *types.add(argument) == DOUBLE)
        };
        let place = (0..usize::try_from(ufunc.loop_count).ok()?).find(is_of_doubles)?;
        let data = match ufunc.data.is_null() {
            true => std::ptr::null_mut(),
            false => *ufunc.data.add(place),
        };
        Some(Found {
            run: (*ufunc.loops.add(place))?,
            data,
            inputs: arguments - 1,
        })
    }
}

/// The answer of a loop, unless NumPy warns of it.
///
/// # Safety
/// The GIL is held.
pub(crate) unsafe fn run(number: i64, inputs: &mut [f64]) -> Option<f64> {
    let number = usize::try_from(number).ok()?;
    let cell = FOUND.get(number)?;
    // SAFETY: as the caller's.
    let found = (*cell.get_or_init(|| unsafe { find(number) }))?;
    if found.inputs != inputs.len() {
        return None;
    }
    let mut answer = 0.0_f64;
    let out = &raw mut answer;
    let mut places = [std::ptr::null_mut::<c_char>(); 3];
    for (place, input) in places.iter_mut().zip(inputs.iter_mut()) {
        *place = std::ptr::from_mut(input).cast();
    }
    places[found.inputs] = out.cast();
    // SAFETY: there are as many places as the loop has arguments, each of one float.
    unsafe {
        let mut run = || {
            (found.run)(places.as_mut_ptr(), &1, DISTANCES.as_ptr(), found.data);
            out.read()
        };
        // There is nothing to warn of in a number. The status of the processor takes longer to read than the loop runs.
        let answer = run();
        if answer.is_finite() {
            return Some(answer);
        }
        feclearexcept(WARNED_OF);
        run();
        (fetestexcept(WARNED_OF) == 0).then_some(answer)
    }
}

/// What NumPy warns of: an invalid operation, a division by zero, overflow.
#[cfg(target_arch = "x86_64")]
const WARNED_OF: c_int = 0x1 | 0x4 | 0x8;
#[cfg(target_arch = "aarch64")]
const WARNED_OF: c_int = 0x1 | 0x2 | 0x4;

// Of `fenv.h`.
unsafe extern "C" {
    fn feclearexcept(flags: c_int) -> c_int;
    fn fetestexcept(flags: c_int) -> c_int;
}

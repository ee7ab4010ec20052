//! Library routines that LLVM's optimiser and code generator call of their own accord.
//!
//! A loop may become `memset`, `frem` is a call of `fmod`, division of `i128` one of `__divti3`. No
//! module declares these, so they are defined beside the runtime table.

/// Routines of the C and mathematics library, found by name in the process.
const LIBRARY: &[&str] = &[
    "memcpy",
    "memmove",
    "memset",
    "memcmp",
    "bcmp",
    "strlen",
    "acos",
    "acosf",
    "acosh",
    "asin",
    "asinf",
    "asinh",
    "atan",
    "atan2",
    "atan2f",
    "atanh",
    "erf",
    "erfc",
    "atanf",
    "cbrt",
    "cbrtf",
    "ceil",
    "ceilf",
    "copysign",
    "copysignf",
    "cos",
    "cosf",
    "cosh",
    "coshf",
    "exp",
    "exp10",
    "exp10f",
    "exp2",
    "exp2f",
    "expf",
    "expm1",
    "expm1f",
    "fabs",
    "fabsf",
    "floor",
    "floorf",
    "fma",
    "fmaf",
    "fmax",
    "fmaxf",
    "fmin",
    "fminf",
    "fmod",
    "fmodf",
    "frexp",
    "frexpf",
    "ldexp",
    "ldexpf",
    "llrint",
    "llrintf",
    "llround",
    "llroundf",
    "log",
    "log10",
    "log10f",
    "log1p",
    "log1pf",
    "log2",
    "log2f",
    "logf",
    "lrint",
    "lrintf",
    "lround",
    "lroundf",
    "modf",
    "modff",
    "nearbyint",
    "nearbyintf",
    "pow",
    "powf",
    "remainder",
    "remainderf",
    "rint",
    "rintf",
    "round",
    "roundeven",
    "roundevenf",
    "roundf",
    "sin",
    "sincos",
    "sincosf",
    "sinf",
    "sinh",
    "sinhf",
    "sqrt",
    "sqrtf",
    "tan",
    "tanf",
    "tanh",
    "tanhf",
    "trunc",
    "truncf",
];

unsafe extern "C" {
    fn __divti3(dividend: i128, divisor: i128) -> i128;
    fn __modti3(dividend: i128, divisor: i128) -> i128;
    fn __udivti3(dividend: u128, divisor: u128) -> u128;
    fn __umodti3(dividend: u128, divisor: u128) -> u128;
    fn __powidf2(base: f64, exponent: i32) -> f64;
    fn __powisf2(base: f32, exponent: i32) -> f32;
}

/// The routines with their addresses. What this process's library lacks is left out.
pub(crate) fn addresses() -> impl Iterator<Item = (String, usize)> {
    let compiler = [
        ("__divti3", __divti3 as *const () as usize),
        ("__modti3", __modti3 as *const () as usize),
        ("__udivti3", __udivti3 as *const () as usize),
        ("__umodti3", __umodti3 as *const () as usize),
        ("__powidf2", __powidf2 as *const () as usize),
        ("__powisf2", __powisf2 as *const () as usize),
    ];
    let library = LIBRARY.iter().map(|name| (*name, find(name)));
    compiler
        .into_iter()
        .chain(library)
        .filter(|(_, address)| *address != 0)
        .map(|(name, address)| (name.to_owned(), address))
}

fn find(name: &str) -> usize {
    let name = std::ffi::CString::new(name).unwrap_or_default();
    // SAFETY: the name is NUL-terminated; the address is only looked up here.
    unsafe { libc::dlsym(libc::RTLD_DEFAULT, name.as_ptr()) as usize }
}

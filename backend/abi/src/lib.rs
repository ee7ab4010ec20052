//! The border between compiled code and the interpreter: layouts of its structures and the table of runtime functions.
//!
//! This crate is data, and the two ends of its one encoding ([`exit_table`]). Passes read it to generate
//! code, the runtime implements it, the engine links one to the other.

mod array;
pub mod cpython;
mod data;
pub mod exit_table;
mod function;
pub mod layout;
pub mod parking;
mod table;

pub use array::{ArrayType, Element, Source};
pub use data::data;
pub use function::{Failure, Function, Result, Type};
pub use table::{binary, families, function, functions, unary};

/// The bit of a tagged result that tells the end of an iteration: the iterator is exhausted, the receiver of a `send`
/// has returned.
pub const FINISHED: usize = 1;

/// The result of a body whose frame goes on in the interpreter.
pub const EXIT: usize = 1;
/// The same with an exception set, raised by the frame's current instruction, whose traceback entry has been added.
pub const EXIT_RAISING: usize = 2;
/// The reason of an exit in front of a call that cannot begin, because somebody waits or the stack is deep. It tells
/// nothing against the code.
pub const CANNOT_BEGIN: &str = "a call of itself that cannot begin";
/// The reason of an exit in the middle of a call whose callee left.
pub const CALLEE_LEFT: &str = "a call of itself left";
/// The reason of an exit from baseline code that has run so often that better code is to go on.
pub const HOT: &str = "a loop of baseline code is hot";
/// The variable of a module of baseline code that calls and loops count down.
pub const PATIENCE: &str = "patience";
/// The table of a module in which baseline code notes what kinds of values its instructions met, a word for each.
pub const SEEN: &str = "seen";
/// How the reason of an exit begins that is taken when a guess was wrong.
pub const GUESS: &str = "expected ";
/// What stands between what was expected of an attribute and its name in the reason of such an exit.
pub const GUESSED_ATTRIBUTE: &str = " as attribute ";
/// The result of a step that did not begin, because it does not know where its frame is suspended.
pub const NOT_BEGUN: usize = 3;

/// The slot that `sw_convert` takes for the result of a call.
pub const CALL_RESULT: i32 = i32::MAX;

/// What `sw_convert` makes of an argument, by its number: the type, and what a message says of it.
pub const CONVERSIONS: [(&str, &str); 12] = [
    ("int64", "an integer between -2**63 and 2**63 - 1"),
    ("int32", "an integer between -2**31 and 2**31 - 1"),
    ("uint64", "an integer between 0 and 2**64 - 1"),
    ("float64", "a number"),
    ("float32", "a number"),
    ("complex128", "a number"),
    ("complex64", "a number"),
    (
        "ptr",
        "a contiguous buffer of float64, a ctypes pointer to c_double or an address",
    ),
    ("vec4f", "4 numbers: a buffer, a list or a tuple"),
    (
        "vec8i",
        "8 integers of 32 bits: a buffer, a list or a tuple",
    ),
    ("optional_f64", "a number or None"),
    (
        "writable ptr",
        "a contiguous buffer of float64 that can be written to, a ctypes pointer to c_double or an address",
    ),
];

/// How many buffers there are for what a strip of a loop overwrites.
pub const BUFFERS: usize = 2;
/// How many elements each of them has room for.
pub const KEPT: usize = 1 << 10;

/// The functions of NumPy that `sw_loop_1` and `sw_loop_2` run, by their number.
pub const LOOPS: [&str; 35] = [
    "arccos",
    "arccosh",
    "arcsin",
    "arcsinh",
    "arctan",
    "arctan2",
    "arctanh",
    "cbrt",
    "copysign",
    "cos",
    "cosh",
    "deg2rad",
    "degrees",
    "exp",
    "exp2",
    "expm1",
    "fmax",
    "fmin",
    "fmod",
    "hypot",
    "log",
    "log10",
    "log1p",
    "log2",
    "maximum",
    "minimum",
    "power",
    "rad2deg",
    "radians",
    "remainder",
    "sign",
    "sin",
    "sinh",
    "tan",
    "tanh",
];

/// The functions that `sw_call_interpreted` calls, by their number, with the names of those of their arguments that are
/// given by keyword: the last ones.
pub const INTERPRETED: [(&str, &[&str]); 51] = [
    ("math.atan2", &[]),
    ("math.log", &[]),
    ("math.log2", &[]),
    ("math.log10", &[]),
    ("math.log1p", &[]),
    ("math.gamma", &[]),
    ("math.lgamma", &[]),
    ("math.ulp", &[]),
    ("math.fmod", &[]),
    ("math.remainder", &[]),
    ("math.nextafter", &[]),
    ("math.nextafter", &["steps"]),
    ("math.hypot", &[]),
    ("math.fma", &[]),
    ("math.ldexp", &[]),
    ("math.frexp", &[]),
    ("math.modf", &[]),
    ("math.dist", &[]),
    ("math.fsum", &[]),
    ("math.sumprod", &[]),
    ("math.gcd", &[]),
    ("math.lcm", &[]),
    ("math.isqrt", &[]),
    ("math.factorial", &[]),
    ("math.comb", &[]),
    ("math.perm", &[]),
    ("cmath.sqrt", &[]),
    ("cmath.exp", &[]),
    ("cmath.log", &[]),
    ("cmath.log10", &[]),
    ("cmath.sin", &[]),
    ("cmath.cos", &[]),
    ("cmath.tan", &[]),
    ("cmath.asin", &[]),
    ("cmath.acos", &[]),
    ("cmath.atan", &[]),
    ("cmath.sinh", &[]),
    ("cmath.cosh", &[]),
    ("cmath.tanh", &[]),
    ("cmath.asinh", &[]),
    ("cmath.acosh", &[]),
    ("cmath.atanh", &[]),
    ("cmath.phase", &[]),
    ("cmath.polar", &[]),
    ("cmath.rect", &[]),
    ("cmath.isnan", &[]),
    ("cmath.isinf", &[]),
    ("cmath.isfinite", &[]),
    ("cmath.isclose", &["rel_tol", "abs_tol"]),
    ("builtins.round", &[]),
    ("builtins.pow", &[]),
];

/// What a shape is made of: the result, a separator, the arguments.
pub mod letter {
    /// The end.
    pub const END: u64 = 0;
    /// An integer with a sign.
    pub const INT: u64 = 1;
    /// A float.
    pub const FLOAT: u64 = 2;
    /// A complex number, in two words.
    pub const COMPLEX: u64 = 3;
    /// A truth value.
    pub const BOOL: u64 = 4;
    /// An integer without a sign.
    pub const UNSIGNED: u64 = 5;
    /// Here a tuple begins.
    pub const OPEN: u64 = 6;
    /// Here a tuple ends.
    pub const CLOSE: u64 = 7;
    /// Between the result and the arguments.
    pub const ARGUMENTS: u64 = 8;
}

/// The exceptions that `sw_raise_native` raises, by their number.
pub const NATIVE_ERRORS: [&str; 6] = [
    "OverflowError",
    "ValueError",
    "ZeroDivisionError",
    "TypeError",
    "IndexError",
    "RuntimeError",
];
/// A bit of the eval breaker, of those for pending work, that CPython does not use: somebody has written to locals of a
/// frame that compiled code runs.
pub const LOCALS_WRITTEN: usize = 1 << 7;

/// How many 64-bit words a load of a global remembers.
pub const GLOBAL_CACHE_WORDS: usize = 4;
/// How many 64-bit words an instruction remembers of the attribute it names. The first are the entry that machine code
/// looks at itself: the version of a type (`u32`), what is known (`u32`), the place, the guard, an object.
pub const ATTRIBUTE_CACHE_WORDS: usize = 33;
/// What is known is where the value is in an instance.
pub const CACHED_PLACE: u32 = 1;
/// What is known is the method that the class has.
pub const CACHED_METHOD: u32 = 2;

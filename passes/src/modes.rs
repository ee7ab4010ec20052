//! The modes, one row for each: what a parameter is, and how numbers compute.
//!
//! This table is all that the passes, the entry and exit of compiled code, the messages and `docs/modes.md` know of a
//! mode. There is one way down through the passes; a row chooses among the forms that numbers have:
//!
//! - *Integers* are held as `i64`. In `int32` each result is fitted to 32 bits (`num.fit`), in `uint64` the ops have no
//!   sign.
//! - *Floats* are held as `f64`. Where they are single, each result is rounded to `f32`, which LLVM turns into
//!   arithmetic of `f32`: for `+ - * /` rounding twice is rounding once.

use crate::{analysis::fact::Kind, inspect::str_attribute};
use melior::ir::OperationRef;

/// How integers are held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Integers {
    /// 64 bits with a sign.
    Int64,
    /// 32 bits with a sign.
    Int32,
    /// 64 bits without.
    Uint64,
}

/// What happens to an integer that needs more bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Overflow {
    /// The interpreter goes on with it, exactly.
    Exact,
    /// OverflowError.
    Raise,
    /// It wraps around.
    Wrap,
}

/// How a function computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Numbers {
    /// How integers are held.
    pub integers: Integers,
    /// Whether floats and the parts of complex numbers have 32 bits.
    pub single: bool,
    /// What happens to an integer that needs more bits.
    pub overflow: Overflow,
    /// Whether the interpreter would compute something else, so that it cannot go on in the middle.
    pub own: bool,
}

/// What a parameter is, and what is done with the argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parameter {
    /// What the actual argument is.
    Actual,
    /// An object.
    Object,
    /// An object of exactly this type, else TypeError.
    Exactly(Kind),
    /// Converted to this kind by the rules of the mode.
    Converted(Kind),
}

/// A mode in words, for its page.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// What it is for.
    pub summary: &'static str,
    /// What arguments it takes.
    pub accepts: &'static str,
    /// What it gives back.
    pub returns: &'static str,
    /// The rules of arithmetic.
    pub arithmetic: &'static str,
    /// Integers that need more bits.
    pub overflow: &'static str,
    /// Division by zero.
    pub division: &'static str,
    /// `None` as an argument.
    pub none: &'static str,
    /// NaN.
    pub nan: &'static str,
    /// Arguments of other types, and of other lengths.
    pub wrong: &'static str,
    /// A session with the interpreter that shows what is particular to it.
    pub example: &'static [&'static str],
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Mode {
    /// As in `jit(mode=...)`.
    pub name: &'static str,
    /// As in `jit(signature=...)`, for a mode whose parameters are of one type.
    pub code: Option<&'static str>,
    /// What every parameter is.
    pub parameter: Parameter,
    /// How integers are held.
    pub integers: Integers,
    /// Whether floats have 32 bits.
    pub single: bool,
    /// What `overflow=` may be; the first one is the default.
    pub overflows: &'static [Overflow],
    /// For its page.
    pub words: Words,
}

use Integers::{Int32, Int64, Uint64};
use Overflow::{Exact, Raise, Wrap};
use Parameter::{Actual, Converted, Exactly, Object};

const AS_CPYTHON: &str = "ZeroDivisionError, as CPython";
const NO_NONE: &str = "TypeError that names the parameter";
const NAN_FLOWS: &str = "as CPython: it flows through arithmetic, is unequal to itself and true";
const NO_NAN: &str = "there is none";
const INT_OVERFLOW: &str = "`exact` (the default): the interpreter goes on with the long integer, so that the answer \
    is CPython's. `raise`: OverflowError with the line. `wrap`: modulo 2**64";

/// Every mode.
pub const MODES: [Mode; 14] = [
    Mode {
        name: "auto",
        code: None,
        parameter: Actual,
        integers: Int64,
        single: false,
        overflows: &[Exact],
        words: Words {
            summary: "CPython's behaviour in everything, compiled for the types of the actual arguments.",
            accepts: "everything",
            returns: "what CPython returns",
            arithmetic: "CPython's",
            overflow: "exact; other choices are refused",
            division: AS_CPYTHON,
            none: "an object as any other",
            nan: NAN_FLOWS,
            wrong: "there are none",
            example: &[
                ">>> @stepwell.jit",
                "... def power(x, n):",
                "...     return x**n",
                ">>> power(2, 100), power(0.5, 2), power(2, -1)",
                "(1267650600228229401496703205376, 0.25, 0.5)",
            ],
        },
    },
    Mode {
        name: "object",
        code: None,
        parameter: Object,
        integers: Int64,
        single: false,
        overflows: &[Exact],
        words: Words {
            summary: "CPython's behaviour in everything, compiled once, for objects.",
            accepts: "everything",
            returns: "what CPython returns",
            arithmetic: "CPython's",
            overflow: "exact; other choices are refused",
            division: AS_CPYTHON,
            none: "an object as any other",
            nan: NAN_FLOWS,
            wrong: "there are none",
            example: &[
                r#">>> @stepwell.jit(mode="object")"#,
                "... def twice(x):",
                "...     return x + x",
                r#">>> twice(4), twice("ab"), twice([1])"#,
                "(8, 'abab', [1, 1])",
            ],
        },
    },
    Mode {
        name: "int",
        code: Some("i8"),
        parameter: Exactly(Kind::Int),
        integers: Int64,
        single: false,
        overflows: &[Exact, Raise, Wrap],
        words: Words {
            summary: "Python's `int` on machine integers of 64 bits.",
            accepts: "exactly `int`; beyond 64 bits the interpreter runs the call (`exact`) or OverflowError",
            returns: "`int`, or what the expression yields: `float` of `/`, `bool` of comparisons",
            arithmetic: "CPython's: `//` and `%` round down, `/` is a float rounded once, `**` with a negative constant \
                is a float, shifts by negative counts raise ValueError",
            overflow: INT_OVERFLOW,
            division: AS_CPYTHON,
            none: NO_NONE,
            nan: NO_NAN,
            wrong: "TypeError that names the parameter",
            example: &[
                r#">>> @stepwell.jit(mode="int")"#,
                "... def split(n, size):",
                "...     return n // size * 1000 + n % size",
                ">>> split(-7, 3)",
                "-2998",
                ">>> split(2**62, 1)",
                "4611686018427387904000",
                r#">>> stepwell.jit(lambda n: n * n, mode="int", overflow="wrap")(2**32 + 1)"#,
                "8589934593",
            ],
        },
    },
    Mode {
        name: "float",
        code: Some("f8"),
        parameter: Exactly(Kind::Float),
        integers: Int64,
        single: false,
        overflows: &[Exact],
        words: Words {
            summary: "Python's `float` on machine doubles.",
            accepts: "exactly `float`",
            returns: "`float`, or what the expression yields",
            arithmetic: "CPython's to the last bit, `// % **` too; OverflowError of `**` as there",
            overflow: "integers inside (such as counters) are exact",
            division: AS_CPYTHON,
            none: NO_NONE,
            nan: NAN_FLOWS,
            wrong: "TypeError that names the parameter",
            example: &[
                r#">>> @stepwell.jit(mode="float")"#,
                "... def lerp(a, b, t):",
                "...     return a + (b - a) * t",
                ">>> lerp(1.0, 3.0, 0.25)",
                "1.5",
                ">>> lerp(1, 3, 0.25)",
                "Traceback (most recent call last):",
                "TypeError: lerp() argument 'a' must be float, not int: ...",
            ],
        },
    },
    Mode {
        name: "bool",
        code: Some("b1"),
        parameter: Exactly(Kind::Bool),
        integers: Int64,
        single: false,
        overflows: &[Exact],
        words: Words {
            summary: "Truth values on single bits.",
            accepts: "exactly `bool`",
            returns: "`bool`, or what the expression yields (`int` of arithmetic)",
            arithmetic: "CPython's: `& | ^` of two bools is a bool, other arithmetic is that of `int`",
            overflow: "exact",
            division: AS_CPYTHON,
            none: NO_NONE,
            nan: NO_NAN,
            wrong: "TypeError that names the parameter",
            example: &[
                r#">>> @stepwell.jit(mode="bool")"#,
                "... def differ(a, b):",
                "...     return a ^ b",
                ">>> differ(True, False)",
                "True",
            ],
        },
    },
    Mode {
        name: "int32",
        code: Some("i4"),
        parameter: Converted(Kind::Int),
        integers: Int32,
        single: false,
        overflows: &[Raise, Wrap],
        words: Words {
            summary: "Integers of 32 bits with a sign.",
            accepts: "`int`, `bool` and what has `__index__` (NumPy's integers), between -2**31 and 2**31 - 1",
            returns: "`int`, or what the expression yields",
            arithmetic: "Python's rules for `// % ** << >>`; every integer result is fitted to 32 bits",
            overflow: "`raise` (the default): OverflowError with the line. `wrap`: modulo 2**32, as NumPy's `int32`",
            division: AS_CPYTHON,
            none: NO_NONE,
            nan: NO_NAN,
            wrong: "TypeError that names the parameter; OverflowError for an integer out of range",
            example: &[
                r#">>> @stepwell.jit(mode="int32")"#,
                "... def next_seed(seed):",
                "...     return seed * 1103515245 + 12345",
                ">>> next_seed(1)",
                "1103527590",
                ">>> next_seed(2)",
                "Traceback (most recent call last):",
                "OverflowError: the result needs more than 32 bits",
                r#">>> stepwell.jit(lambda seed: seed * 1103515245 + 12345, mode="int32", overflow="wrap")(2)"#,
                "-2087924461",
            ],
        },
    },
    Mode {
        name: "uint64",
        code: Some("u8"),
        parameter: Converted(Kind::Int),
        integers: Uint64,
        single: false,
        overflows: &[Raise, Wrap],
        words: Words {
            summary: "Integers of 64 bits without a sign.",
            accepts: "`int`, `bool` and what has `__index__`, between 0 and 2**64 - 1",
            returns: "`int`, or what the expression yields",
            arithmetic: "Python's rules; comparisons, division and right shifts without a sign",
            overflow: "`raise` (the default): OverflowError, also for results below zero. `wrap`: modulo 2**64",
            division: AS_CPYTHON,
            none: NO_NONE,
            nan: NO_NAN,
            wrong: "TypeError that names the parameter; OverflowError for an integer out of range",
            example: &[
                r#">>> @stepwell.jit(mode="uint64", overflow="wrap")"#,
                "... def mix(h, x):",
                "...     return (h ^ x) * 1099511628211",
                ">>> mix(14695981039346656037, 97)",
                "12638187200555641996",
                r#">>> stepwell.jit(lambda x: x - 1, mode="uint64")(0)"#,
                "Traceback (most recent call last):",
                "OverflowError: the result needs more than 64 bits",
            ],
        },
    },
    Mode {
        name: "float32",
        code: Some("f4"),
        parameter: Converted(Kind::Float),
        integers: Int64,
        single: true,
        overflows: &[Raise, Wrap],
        words: Words {
            summary: "Floats of 32 bits.",
            accepts: "`float`, `int`, `bool` and what has `__float__` or `__index__`, rounded to 32 bits",
            returns: "`float` with a value that 32 bits hold, or what the expression yields",
            arithmetic: "each operation is CPython's, rounded to 32 bits; beyond the largest one it is infinite",
            overflow: "integers inside (such as counters) have 64 bits: `raise` (the default) or `wrap`",
            division: AS_CPYTHON,
            none: NO_NONE,
            nan: NAN_FLOWS,
            wrong: "TypeError that names the parameter",
            example: &[
                r#">>> @stepwell.jit(mode="float32")"#,
                "... def third(x):",
                "...     return x / 3",
                ">>> third(1)",
                "0.3333333432674408",
            ],
        },
    },
    Mode {
        name: "complex64",
        code: Some("c8"),
        parameter: Converted(Kind::Complex),
        integers: Int64,
        single: true,
        overflows: &[Raise, Wrap],
        words: Words {
            summary: "Complex numbers of two floats of 32 bits.",
            accepts: "`complex`, `float`, `int`, `bool` and what has `__complex__`, `__float__` or `__index__`",
            returns: "`complex` with parts that 32 bits hold, or what the expression yields",
            arithmetic: "`+ - *` round each product and sum of parts to 32 bits, as NumPy; `/ ** abs` are CPython's, \
                rounded",
            overflow: "integers inside (such as counters) have 64 bits: `raise` (the default) or `wrap`",
            division: AS_CPYTHON,
            none: NO_NONE,
            nan: NAN_FLOWS,
            wrong: "TypeError that names the parameter",
            example: &[
                r#">>> stepwell.jit(lambda z: z / 3, mode="complex64")(1 + 2j)"#,
                "(0.3333333432674408+0.6666666865348816j)",
            ],
        },
    },
    Mode {
        name: "complex128",
        code: Some("c16"),
        parameter: Converted(Kind::Complex),
        integers: Int64,
        single: false,
        overflows: &[Raise, Wrap],
        words: Words {
            summary: "Python's `complex` on two machine doubles.",
            accepts: "`complex`, `float`, `int`, `bool` and what has `__complex__`, `__float__` or `__index__`",
            returns: "`complex`, or what the expression yields",
            arithmetic: "CPython's to the last bit",
            overflow: "integers inside (such as counters) have 64 bits: `raise` (the default) or `wrap`",
            division: AS_CPYTHON,
            none: NO_NONE,
            nan: NAN_FLOWS,
            wrong: "TypeError that names the parameter",
            example: &[
                r#">>> @stepwell.jit(mode="complex128")"#,
                "... def rotate(z, turn):",
                "...     return z * turn",
                ">>> rotate(1 + 2j, 1j), rotate(2, 1j)",
                "((-2+1j), 2j)",
            ],
        },
    },
    Mode {
        name: "ptr",
        code: Some("p"),
        parameter: Converted(Kind::Pointer),
        integers: Int64,
        single: false,
        overflows: &[Raise, Wrap],
        words: Words {
            summary: "Memory of float64, by its address.",
            accepts: "a contiguous buffer of float64 (`array`, NumPy, `memoryview`, ctypes arrays), what exports such memory \
                by `__array_interface__` or DLPack, a ctypes pointer to `c_double`, an address as an `int`; for integer parameters give a signature such as `\"f8(p, i8)\"`",
            returns: "what the expression yields; an address as an `int`",
            arithmetic: "`p[i]`, `p[i] = x`, `p + n` and `p - n` in elements, `len(p)` where it is known; \
                numbers as in `int` and `float`",
            overflow: "`raise` (the default) or `wrap`",
            division: AS_CPYTHON,
            none: NO_NONE,
            nan: NAN_FLOWS,
            wrong: "TypeError for other element types, for memory that is not contiguous, and for memory that is only for \
                reading where the function assigns items; IndexError outside a buffer; an address has no length and is not checked",
            example: &[
                ">>> from array import array",
                r#">>> @stepwell.jit(signature="f8(p, i8)")"#,
                "... def total(p, n):",
                "...     found = 0.0",
                "...     for i in range(n):",
                "...         found += p[i]",
                "...     return found",
                r#">>> total(array("d", [0.5, 1.0, 2.0]), 3)"#,
                "3.5",
                r#">>> total(array("d", [0.5]), 3)"#,
                "Traceback (most recent call last):",
                "IndexError: the index is out of bounds",
            ],
        },
    },
    Mode {
        name: "vec4f",
        code: Some("v4f"),
        parameter: Converted(Kind::Vec4f),
        integers: Int64,
        single: true,
        overflows: &[Raise, Wrap],
        words: Words {
            summary: "Vectors of four floats of 32 bits.",
            accepts: "four numbers: a buffer of any alignment and any number type (`array`, NumPy, `memoryview`, ctypes), \
                a list, a tuple",
            returns: "the kind of thing that the first argument was; numbers of lanes and reductions",
            arithmetic: "lane by lane, rounded to 32 bits; numbers are spread over the lanes; comparisons give masks, \
                `where` in the form `b if m else a` is not for lanes; `v[i]`, `len`, `sum`, `min`, `max`, `abs`",
            overflow: "floats become infinite; integers inside have 64 bits: `raise` (the default) or `wrap`",
            division: "ZeroDivisionError when any lane of the divisor is zero",
            none: NO_NONE,
            nan: NAN_FLOWS,
            wrong: "TypeError for other types, ValueError for another length; both name the parameter",
            example: &[
                r#">>> @stepwell.jit(mode="vec4f")"#,
                "... def scale(v, w):",
                "...     return v * w + 0.5",
                ">>> scale([1, 2, 3, 4], (2, 2, 0.5, 0.25))",
                "[2.5, 4.5, 2.0, 1.5]",
                r#">>> stepwell.jit(lambda v: sum(v), mode="vec4f")([1, 2, 3, 4])"#,
                "10.0",
            ],
        },
    },
    Mode {
        name: "vec8i",
        code: Some("v8i"),
        parameter: Converted(Kind::Vec8i),
        integers: Int64,
        single: false,
        overflows: &[Wrap, Raise],
        words: Words {
            summary: "Vectors of eight integers of 32 bits.",
            accepts: "eight integers: a buffer of any alignment and any integer type, a list, a tuple",
            returns: "the kind of thing that the first argument was; numbers of lanes and reductions",
            arithmetic: "lane by lane; `//` and `%` round down; numbers are spread over the lanes; `v[i]`, `len`, `sum`, \
                `min`, `max`, `abs`",
            overflow: "`wrap` (the default): lanes modulo 2**32, integers inside modulo 2**64. `raise`: OverflowError \
                when any lane needs more",
            division: "ZeroDivisionError when any lane of the divisor is zero",
            none: NO_NONE,
            nan: NO_NAN,
            wrong: "TypeError for other types, ValueError for another length, OverflowError for integers of more than 32 \
                bits; all name the parameter",
            example: &[
                r#">>> stepwell.jit(lambda v: v // 2 - 1, mode="vec8i")((1, 2, 3, 4, 5, 6, 7, -8))"#,
                "(-1, 0, 0, 1, 1, 2, 2, -5)",
            ],
        },
    },
    Mode {
        name: "optional_f64",
        code: Some("o8"),
        parameter: Converted(Kind::Optional),
        integers: Int64,
        single: false,
        overflows: &[Raise, Wrap],
        words: Words {
            summary: "Floats that may be None.",
            accepts: "`float`, `int`, `bool`, what has `__float__` or `__index__`, and None",
            returns: "`float` or None, or what the expression yields",
            arithmetic: "CPython's for floats; None with anything is None; `is None` tests; None is false",
            overflow: "integers inside (such as counters) have 64 bits: `raise` (the default) or `wrap`",
            division: "ZeroDivisionError, unless an operand is None",
            none: "None flows through arithmetic; ordering None raises TypeError, `==` compares",
            nan: "as CPython; it is not None",
            wrong: "TypeError that names the parameter",
            example: &[
                r#">>> @stepwell.jit(mode="optional_f64")"#,
                "... def mean(a, b):",
                "...     return (a + b) / 2",
                ">>> mean(1, 2), mean(1, None)",
                "(1.5, None)",
            ],
        },
    },
];

impl Overflow {
    /// Every choice, with its name.
    pub const NAMES: [(&'static str, Self); 3] =
        [("exact", Exact), ("raise", Raise), ("wrap", Wrap)];

    /// As in `jit(overflow=...)`.
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize].0
    }
}

impl Integers {
    const NAMES: [(&'static str, Self); 3] =
        [("int64", Int64), ("int32", Int32), ("uint64", Uint64)];

    /// As in the attribute `py.integers`.
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize].0
    }
}

impl Mode {
    /// The row of that name.
    pub fn named(name: &str) -> Option<&'static Self> {
        MODES.iter().find(|mode| mode.name == name)
    }

    /// Whether nothing may be an object.
    pub fn is_typed(&self) -> bool {
        matches!(self.parameter, Exactly(_) | Converted(_))
    }

    /// How a function of this mode computes with that choice for overflow.
    pub fn numbers(&self, overflow: Option<Overflow>) -> Numbers {
        let overflow = overflow.unwrap_or(self.overflows[0]);
        Numbers {
            integers: self.integers,
            single: self.single,
            overflow,
            own: overflow != Exact,
        }
    }
}

impl Numbers {
    /// How CPython computes.
    pub const CPYTHON: Self = Self {
        integers: Int64,
        single: false,
        overflow: Exact,
        own: false,
    };

    /// How a function computes, by its attributes `py.integers`, `py.floats` and `py.overflow`.
    pub fn of(function: OperationRef) -> Self {
        let text = |name| str_attribute(function, name);
        let integers = text("py.integers").and_then(|text| named(&Integers::NAMES, text));
        let overflow = text("py.overflow").and_then(|text| named(&Overflow::NAMES, text));
        let overflow = overflow.unwrap_or(Exact);
        Self {
            integers: integers.unwrap_or(Int64),
            single: text("py.floats") == Some("float32"),
            overflow,
            own: overflow != Exact,
        }
    }

    /// The attributes that [`Numbers::of`] reads; none for CPython's numbers.
    pub fn attributes(self) -> Vec<(&'static str, &'static str)> {
        let floats = if self.single { "float32" } else { "float64" };
        let all = [
            ("py.integers", self.integers.name(), "int64"),
            ("py.floats", floats, "float64"),
            ("py.overflow", self.overflow.name(), "exact"),
        ];
        let others = all.into_iter().filter(|(_, value, usual)| value != usual);
        others.map(|(name, value, _)| (name, value)).collect()
    }

    /// Whether integers have no sign.
    pub fn is_unsigned(self) -> bool {
        self.integers == Uint64
    }

    /// Whether an integer of the source has a native form.
    pub fn holds(self, value: i128) -> bool {
        match (self.integers, self.overflow) {
            (_, Wrap) => true,
            (Int64, _) => i64::try_from(value).is_ok(),
            (Int32, _) => i32::try_from(value).is_ok(),
            (Uint64, _) => u64::try_from(value).is_ok(),
        }
    }

    /// The bits of an integer of the source that has one.
    pub fn bits_of(self, value: i128) -> i64 {
        match (self.integers, self.overflow) {
            (Int32, Wrap) => i64::from(value as i32),
            _ => value as i64,
        }
    }
}

fn named<T: Copy>(names: &[(&str, T)], name: &str) -> Option<T> {
    names
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, value)| *value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_fourteen_modes_with_names_of_their_own() {
        let names: Vec<_> = MODES.iter().map(|mode| mode.name).collect();
        let expected = "auto object int float bool int32 uint64 float32 complex64 complex128 ptr vec4f vec8i optional_f64";
        assert_eq!(names.join(" "), expected);
    }

    #[test]
    fn only_exact_arithmetic_is_the_interpreters() {
        for mode in MODES {
            let numbers = mode.numbers(None);
            let different = matches!(mode.parameter, Parameter::Converted(_));
            assert_eq!(numbers.own, different, "{}", mode.name);
            assert!(!numbers.single || numbers.own, "{}", mode.name);
        }
    }

    #[test]
    fn words_of_choices_are_in_order() {
        for (name, choice) in Overflow::NAMES {
            assert_eq!(choice.name(), name);
        }
        for (name, choice) in Integers::NAMES {
            assert_eq!(choice.name(), name);
        }
    }
}

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
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Mode {
    /// As in `jit(mode=...)`.
    pub name: &'static str,
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
        },
    },
    Mode {
        name: "object",
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
        },
    },
    Mode {
        name: "int",
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
        },
    },
    Mode {
        name: "float",
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
        },
    },
    Mode {
        name: "bool",
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
        },
    },
    Mode {
        name: "int32",
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
        },
    },
    Mode {
        name: "uint64",
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
        },
    },
    Mode {
        name: "float32",
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
        },
    },
    Mode {
        name: "complex64",
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
        },
    },
    Mode {
        name: "complex128",
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
        },
    },
    Mode {
        name: "ptr",
        parameter: Converted(Kind::Pointer),
        integers: Int64,
        single: false,
        overflows: &[Raise, Wrap],
        words: Words {
            summary: "Memory of float64, by its address.",
            accepts: "a contiguous buffer of float64 (`array`, NumPy, `memoryview`, ctypes arrays), a ctypes pointer to \
                `c_double`, an address as an `int`; for integer parameters give a signature such as `\"f8(p, i8)\"`",
            returns: "what the expression yields; an address as an `int`",
            arithmetic: "`p[i]`, `p[i] = x`, `p + n` and `p - n` in elements, `len(p)` where it is known; \
                numbers as in `int` and `float`",
            overflow: "`raise` (the default) or `wrap`",
            division: AS_CPYTHON,
            none: NO_NONE,
            nan: NAN_FLOWS,
            wrong: "TypeError for other element types and for memory that is not contiguous; IndexError outside a \
                buffer; an address has no length and is not checked",
        },
    },
    Mode {
        name: "vec4f",
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
        },
    },
    Mode {
        name: "vec8i",
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
        },
    },
    Mode {
        name: "optional_f64",
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
    pub fn holds(self, value: i64) -> bool {
        match (self.integers, self.overflow) {
            (Int64, _) | (_, Wrap) => true,
            (Int32, _) => i32::try_from(value).is_ok(),
            (Uint64, _) => value >= 0,
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

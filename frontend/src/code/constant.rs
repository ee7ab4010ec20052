//! The constants of a code object.

use std::fmt;

/// A constant as the compiler sees it. Compiled code refers to constants by number, so what is here serves typing,
/// folding and printing.
#[derive(Clone, Debug, PartialEq)]
pub enum Const {
    /// `None`.
    None,
    /// `True` or `False`.
    Bool(bool),
    /// An `int` that fits in 64 bits.
    Int(i64),
    /// Any other `int`, as decimal text.
    BigInt(String),
    /// A `float`.
    Float(f64),
    /// A `complex`: real and imaginary part.
    Complex(f64, f64),
    /// A `str`. Lone surrogates, which Rust's strings cannot hold, make it [`Const::Other`].
    Str(String),
    /// A `bytes`.
    Bytes(Vec<u8>),
    /// `...`.
    Ellipsis,
    /// A `tuple`.
    Tuple(Vec<Const>),
    /// A `frozenset`, in the order in which it was read.
    FrozenSet(Vec<Const>),
    /// The code of a function, lambda, class or comprehension inside.
    Code(CodeRef),
    /// Anything else, such as an object put in by `code.replace`; the name of its type.
    Other(String),
}

/// What is known of a code object among the constants of another one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodeRef {
    /// Its name.
    pub name: String,
    /// Its qualified name.
    pub qualname: String,
    /// Its first line.
    pub firstlineno: u32,
}

impl Const {
    /// The items, if this is a tuple.
    pub fn as_tuple(&self) -> Option<&[Const]> {
        match self {
            Self::Tuple(items) => Some(items),
            _ => None,
        }
    }

    /// The text, if this is a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) => Some(text),
            _ => None,
        }
    }
}

/// Close to Python's `repr`, in one line.
impl fmt::Display for Const {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => formatter.write_str("None"),
            Self::Bool(true) => formatter.write_str("True"),
            Self::Bool(false) => formatter.write_str("False"),
            Self::Int(value) => write!(formatter, "{value}"),
            Self::BigInt(digits) => formatter.write_str(digits),
            Self::Float(value) => write!(formatter, "{value:?}"),
            Self::Complex(real, imaginary) => write!(formatter, "({real:?}, {imaginary:?}j)"),
            Self::Str(text) => write!(formatter, "{text:?}"),
            Self::Bytes(bytes) => write!(formatter, "b\"{}\"", bytes.escape_ascii()),
            Self::Ellipsis => formatter.write_str("..."),
            Self::Tuple(items) if items.len() == 1 => write!(formatter, "({},)", items[0]),
            Self::Tuple(items) => list(formatter, "(", items, ")"),
            Self::FrozenSet(items) => list(formatter, "frozenset({", items, "})"),
            Self::Code(code) => write!(formatter, "<code {}>", code.qualname),
            Self::Other(type_name) => write!(formatter, "<{type_name}>"),
        }
    }
}

fn list(
    formatter: &mut fmt::Formatter<'_>,
    open: &str,
    items: &[Const],
    close: &str,
) -> fmt::Result {
    formatter.write_str(open)?;
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            formatter.write_str(", ")?;
        }
        write!(formatter, "{item}")?;
    }
    formatter.write_str(close)
}

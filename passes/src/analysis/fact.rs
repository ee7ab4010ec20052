//! What is known about a value: the lattice of `infer-types`.

use melior::ir::Type;
use std::{fmt, str::FromStr};
use stepwell_abi::{ArrayType, Element};
use stepwell_dialects::ir::Types;

/// The kinds of values, from nothing known yet to any object.
///
/// Numbers have a native form, those of Python and those of NumPy; the others are exact builtin classes that are cheap
/// to know, and arrays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Kind {
    /// No value has been seen; also the kind of null.
    #[default]
    Never,
    /// An `int` that is held as `i64`.
    Int,
    /// A `float`, held as `f64`.
    Float,
    /// A `bool`, held as `i1`.
    Bool,
    /// A `complex`, held as `complex<f64>`.
    Complex,
    /// A `float` or `None`, held as a flag and an `f64`.
    Optional,
    /// The address of floats, with their number.
    Pointer,
    /// Four floats of 32 bits.
    Vec4f,
    /// Eight integers of 32 bits.
    Vec8i,
    /// Four truth values.
    Mask4,
    /// Eight truth values.
    Mask8,
    /// `None`.
    None,
    /// `str`.
    Str,
    /// `tuple`.
    Tuple,
    /// `list`.
    List,
    /// `dict`.
    Dict,
    /// `set`.
    Set,
    /// What the name of a builtin type stands for; that it is the builtin is checked where it is called.
    Type,
    /// A `range` of machine integers.
    Range,
    /// The iterator of such a range.
    RangeIterator,
    /// A `numpy.ndarray`, or another object whose numbers are in memory.
    Array(ArrayType),
    /// The `shape` of such an array.
    Shape(ArrayType),
    /// A scalar of NumPy, held as the number of Python that holds all its values.
    Scalar(Element),
    /// Such a scalar, or the number of Python that it is held as: a flag beside it tells which.
    Either(Element),
    /// Any object.
    Object,
}

/// The words for kinds in dumps.
const WORDS: [(Kind, &str); 21] = [
    (Kind::Never, "never"),
    (Kind::Int, "i64"),
    (Kind::Float, "f64"),
    (Kind::Bool, "i1"),
    (Kind::Complex, "complex<f64>"),
    (Kind::Optional, "optional<f64>"),
    (Kind::Pointer, "ptr<f64>"),
    (Kind::Vec4f, "vector<4xf32>"),
    (Kind::Vec8i, "vector<8xi32>"),
    (Kind::Mask4, "vector<4xi1>"),
    (Kind::Mask8, "vector<8xi1>"),
    (Kind::None, "none"),
    (Kind::Str, "str"),
    (Kind::Tuple, "tuple"),
    (Kind::List, "list"),
    (Kind::Dict, "dict"),
    (Kind::Set, "set"),
    (Kind::Type, "type"),
    (Kind::Range, "range"),
    (Kind::RangeIterator, "range_iterator"),
    (Kind::Object, "object"),
];

impl Kind {
    const NATIVE: [Self; 10] = [
        Self::Int,
        Self::Float,
        Self::Bool,
        Self::Complex,
        Self::Optional,
        Self::Pointer,
        Self::Vec4f,
        Self::Vec8i,
        Self::Mask4,
        Self::Mask8,
    ];

    /// The kind that a value of that type has.
    pub fn of_type<'c>(types: &Types<'c>, r#type: Type<'c>) -> Self {
        Self::NATIVE
            .into_iter()
            .find(|kind| kind.native_type(types) == Some(r#type))
            .unwrap_or(Self::Object)
    }

    /// The type of the native form, if there is one.
    pub fn native_type<'c>(self, types: &Types<'c>) -> Option<Type<'c>> {
        match self.number() {
            Self::Int => Some(types.i64),
            Self::Float => Some(types.f64),
            Self::Bool => Some(types.i1),
            Self::Complex => Some(types.complex),
            Self::Optional => Some(types.optional),
            Self::Pointer => Some(types.pointer),
            Self::Vec4f => Some(types.vec4f),
            Self::Vec8i => Some(types.vec8i),
            Self::Mask4 => Some(types.mask4),
            Self::Mask8 => Some(types.mask8),
            _ => None,
        }
    }

    /// Whether values of this kind have a native form.
    pub const fn is_native(self) -> bool {
        self.number().is_number()
            || self.is_lanes()
            || matches!(self, Self::Optional | Self::Pointer)
    }

    /// The number of Python that a scalar of NumPy is held as; any other kind as it is.
    pub const fn number(self) -> Self {
        match self {
            Self::Scalar(Element::Bool) | Self::Either(Element::Bool) => Self::Bool,
            Self::Scalar(element) | Self::Either(element) if element.is_float() => Self::Float,
            Self::Scalar(_) | Self::Either(_) => Self::Int,
            kind => kind,
        }
    }

    /// What a scalar of NumPy is, or may be.
    pub const fn element(self) -> Option<Element> {
        match self {
            Self::Scalar(element) | Self::Either(element) => Some(element),
            _ => None,
        }
    }

    /// Whether it can be an index: `bool` is an `int` to Python, but a mask to NumPy.
    pub const fn is_index(self) -> bool {
        matches!(self.number(), Self::Int)
    }

    /// Whether it is a number of Python's.
    pub const fn is_number(self) -> bool {
        matches!(self, Self::Int | Self::Float | Self::Bool | Self::Complex)
    }

    /// Whether it is a vector.
    pub const fn is_lanes(self) -> bool {
        matches!(self, Self::Vec4f | Self::Vec8i | Self::Mask4 | Self::Mask8)
    }

    /// Whether objects of this kind are of one builtin class.
    pub const fn is_class(self) -> bool {
        matches!(
            self,
            Self::None | Self::Str | Self::Tuple | Self::List | Self::Dict | Self::Set
        )
    }

    /// Whether arithmetic takes it for an integer: `bool` is one.
    pub const fn is_integer(self) -> bool {
        matches!(self, Self::Int | Self::Bool)
    }

    /// The name of the class in Python, for messages.
    pub const fn class_name(self) -> &'static str {
        match self {
            Self::Int => "int",
            Self::Float => "float",
            Self::Bool => "bool",
            Self::Complex => "complex",
            Self::Optional => "float or None",
            Self::Pointer => "pointer",
            Self::Vec4f => "vec4f",
            Self::Vec8i => "vec8i",
            Self::Mask4 | Self::Mask8 => "mask",
            Self::None => "None",
            Self::Str => "str",
            Self::Tuple => "tuple",
            Self::List => "list",
            Self::Dict => "dict",
            Self::Set => "set",
            Self::Range | Self::RangeIterator => "range",
            Self::Type => "type",
            Self::Array(array) => array.source.class_name(),
            Self::Scalar(_) | Self::Either(_) => "a scalar of NumPy",
            Self::Shape(_) => "tuple",
            Self::Never | Self::Object => "object",
        }
    }

    /// The kind of a value that is one or the other.
    pub fn meet(self, other: Self) -> Self {
        match (self, other) {
            (Self::Never, kind) | (kind, Self::Never) => kind,
            (one, two) if one == two => one,
            (Self::Optional, Self::Float | Self::None)
            | (Self::Float | Self::None, Self::Optional) => Self::Optional,
            (one, two) => match one.element().or(two.element()).map(Self::Either) {
                Some(either) if either.admits(one) && either.admits(two) => either,
                _ => Self::Object,
            },
        }
    }

    /// Whether a value of that kind can be one of this kind, which is [`Kind::Either`].
    fn admits(self, kind: Self) -> bool {
        kind == self.number() || kind.element().is_some() && kind.element() == self.element()
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Array(array) => array.fmt(formatter),
            Self::Shape(array) => write!(formatter, "shape of {array}"),
            Self::Scalar(element) => write!(formatter, "numpy.{}", element.word()),
            Self::Either(element) => {
                write!(formatter, "{}|numpy.{}", self.number(), element.word())
            }
            kind => {
                let row = WORDS.iter().find(|(known, _)| known == kind);
                formatter.write_str(row.map_or("object", |(_, word)| word))
            }
        }
    }
}

impl FromStr for Kind {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let element = |word: &str| Element::from_word(word).ok_or(());
        if let Some(word) = text.strip_prefix("numpy.") {
            return element(word).map(Self::Scalar);
        }
        if let Some((number, word)) = text.split_once("|numpy.") {
            let kind = Self::Either(element(word)?);
            return Some(kind)
                .filter(|kind| kind.number().to_string() == number)
                .ok_or(());
        }
        if let Some(array) = text.strip_prefix("shape of ") {
            return array.parse().map(Self::Shape);
        }
        if let Ok(array) = text.parse() {
            return Ok(Self::Array(array));
        }
        let row = WORDS.iter().find(|(_, word)| *word == text);
        row.map(|(kind, _)| *kind).ok_or(())
    }
}

/// A kind, and whether the value may be null: an unbound local. Printed as `i64?`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fact {
    /// What the value is when it is not null.
    pub kind: Kind,
    /// Whether it may be null.
    pub maybe_null: bool,
}

impl Fact {
    /// Any object, never null.
    pub const OBJECT: Self = Self::of(Kind::Object);
    /// Certainly null.
    pub const NULL: Self = Self {
        kind: Kind::Never,
        maybe_null: true,
    };
    /// Nothing seen yet.
    pub const NEVER: Self = Self::of(Kind::Never);

    /// A value of that kind that is not null.
    pub const fn of(kind: Kind) -> Self {
        Self {
            kind,
            maybe_null: false,
        }
    }

    /// What holds for a value that is one or the other.
    pub fn join(self, other: Self) -> Self {
        Self {
            kind: self.kind.meet(other.kind),
            maybe_null: self.maybe_null || other.maybe_null,
        }
    }

    /// Whether the value is held natively.
    pub const fn is_native(self) -> bool {
        self.kind.is_native()
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        match self {
            fact if *fact == Self::NULL => formatter.write_str("null"),
            Self { kind, maybe_null } => {
                let mark = if *maybe_null { "?" } else { "" };
                write!(formatter, "{kind}{mark}")
            }
        }
    }
}

impl FromStr for Fact {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if text == "null" {
            return Ok(Self::NULL);
        }
        let word = text.strip_suffix('?');
        Ok(Self {
            kind: word.unwrap_or(text).parse()?,
            maybe_null: word.is_some(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stepwell_abi::Source;

    #[test]
    fn joins_climb() {
        let int = Fact::of(Kind::Int);
        assert_eq!(int.join(Fact::NEVER), int);
        assert_eq!(int.join(Fact::NULL).to_string(), "i64?");
        assert_eq!(int.join(Fact::of(Kind::Float)), Fact::OBJECT);
        assert_eq!(Fact::of(Kind::Bool).join(int), Fact::OBJECT);
    }

    #[test]
    fn a_scalar_meets_its_number() {
        let kinds = |one, two| Fact::of(one).join(Fact::of(two)).kind;
        let either = Kind::Either(Element::F64);
        assert_eq!(kinds(Kind::Float, Kind::Scalar(Element::F64)), either);
        assert_eq!(kinds(Kind::Scalar(Element::F64), either), either);
        assert_eq!(kinds(Kind::Int, either), Kind::Object);
        let two = [Element::F32, Element::F64].map(Kind::Scalar);
        assert_eq!(kinds(two[0], two[1]), Kind::Object);
    }

    #[test]
    fn words_are_read_back() {
        let array = ArrayType {
            source: Source::MemoryView,
            element: Element::U8,
            rank: 2,
            contiguous: true,
            writable: false,
        };
        let numpy = [
            Kind::Array(array),
            Kind::Shape(array),
            Kind::Scalar(Element::F32),
            Kind::Either(Element::I16),
        ];
        for kind in WORDS.into_iter().map(|(kind, _)| kind).chain(numpy) {
            for maybe_null in [false, true] {
                let fact = Fact { kind, maybe_null };
                assert_eq!(fact.to_string().parse(), Ok(fact));
            }
        }
        assert_eq!("i65".parse::<Fact>(), Err(()));
    }
}

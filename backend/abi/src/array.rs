//! Types of arrays: what a version is compiled for, and what the runtime checks at its entry.

use std::{fmt, str::FromStr};

/// What an array holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Element {
    /// A byte that is 0 or 1.
    Bool,
    /// A signed integer of 8 bits.
    I8,
    /// A signed integer of 16 bits.
    I16,
    /// A signed integer of 32 bits.
    I32,
    /// A signed integer of 64 bits.
    I64,
    /// An integer of 8 bits without sign.
    U8,
    /// An integer of 16 bits without sign.
    U16,
    /// An integer of 32 bits without sign.
    U32,
    /// A float of 32 bits.
    F32,
    /// A float of 64 bits.
    F64,
}

use Element::{Bool, F32, F64, I8, I16, I32, I64, U8, U16, U32};

impl Element {
    /// Every element, in the order of their numbers.
    pub const ALL: [Self; 10] = [Bool, I8, I16, I32, I64, U8, U16, U32, F32, F64];

    /// The word for it in dumps.
    pub const fn word(self) -> &'static str {
        match self {
            Bool => "bool",
            I8 => "i8",
            I16 => "i16",
            I32 => "i32",
            I64 => "i64",
            U8 => "u8",
            U16 => "u16",
            U32 => "u32",
            F32 => "f32",
            F64 => "f64",
        }
    }

    /// The name of the class of scalars in NumPy.
    pub const fn scalar_name(self) -> &'static str {
        match self {
            Bool => "numpy.bool",
            I8 => "numpy.int8",
            I16 => "numpy.int16",
            I32 => "numpy.int32",
            I64 => "numpy.int64",
            U8 => "numpy.uint8",
            U16 => "numpy.uint16",
            U32 => "numpy.uint32",
            F32 => "numpy.float32",
            F64 => "numpy.float64",
        }
    }

    /// The element with that word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|element| element.word() == word)
    }

    /// The element with that number.
    pub fn from_number(number: usize) -> Option<Self> {
        Self::ALL.get(number).copied()
    }

    /// How many bytes an element takes.
    pub const fn size(self) -> usize {
        match self {
            Bool | I8 | U8 => 1,
            I16 | U16 => 2,
            I32 | U32 | F32 => 4,
            I64 | F64 => 8,
        }
    }

    /// Whether it is a float.
    pub const fn is_float(self) -> bool {
        matches!(self, F32 | F64)
    }

    /// Whether it is an integer, which `bool` is not.
    pub const fn is_integer(self) -> bool {
        !self.is_float() && !matches!(self, Bool)
    }

    /// Whether it is an integer that can be negative.
    pub const fn is_signed(self) -> bool {
        matches!(self, I8 | I16 | I32 | I64)
    }

    /// The smallest and the largest integer that it can be; `None` for a float.
    pub const fn limits(self) -> Option<(i64, i64)> {
        Some(match self {
            Bool => (0, 1),
            I8 => (i8::MIN as i64, i8::MAX as i64),
            I16 => (i16::MIN as i64, i16::MAX as i64),
            I32 => (i32::MIN as i64, i32::MAX as i64),
            I64 => (i64::MIN, i64::MAX),
            U8 => (0, u8::MAX as i64),
            U16 => (0, u16::MAX as i64),
            U32 => (0, u32::MAX as i64),
            F32 | F64 => return None,
        })
    }
}

/// What class of objects has the elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// `numpy.ndarray`, whose elements are scalars of NumPy to Python.
    Numpy,
    /// `array.array`, whose elements are numbers of Python, as those of the others.
    Array,
    /// `bytes`
    Bytes,
    /// `bytearray`
    ByteArray,
    /// `memoryview`
    MemoryView,
}

impl Source {
    /// Every source, in the order of their numbers.
    pub const ALL: [Self; 5] = [
        Self::Numpy,
        Self::Array,
        Self::Bytes,
        Self::ByteArray,
        Self::MemoryView,
    ];

    /// The word for it in dumps.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Numpy => "ndarray",
            Self::Array => "array",
            Self::Bytes => "bytes",
            Self::ByteArray => "bytearray",
            Self::MemoryView => "memoryview",
        }
    }

    /// The name of the class in Python.
    pub const fn class_name(self) -> &'static str {
        match self {
            Self::Numpy => "numpy.ndarray",
            Self::Array => "array.array",
            other => other.word(),
        }
    }
}

/// The type of an array: of objects that are exactly of the class, aligned and in the machine's byte order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ArrayType {
    /// What the objects are.
    pub source: Source,
    /// What it holds.
    pub element: Element,
    /// How many indices an element has, at least one.
    pub rank: u8,
    /// Whether the elements follow each other in the order of C.
    pub contiguous: bool,
    /// Whether elements can be assigned.
    pub writable: bool,
}

impl ArrayType {
    /// Arrays with more indices are objects like any others.
    pub const MOST_AXES: usize = 4;

    /// How many numbers describe such an array: the address, the shape, and the strides of one that is not contiguous.
    pub fn fields(self) -> usize {
        let rank = usize::from(self.rank);
        1 + if self.contiguous { rank } else { 2 * rank }
    }

    /// The type as a number, for machine code.
    pub fn number(self) -> i64 {
        let flags = i64::from(self.contiguous) | i64::from(self.writable) << 1;
        self.element as i64 | i64::from(self.rank) << 8 | flags << 16 | (self.source as i64) << 24
    }

    /// The type with that number.
    pub fn from_number(number: i64) -> Option<Self> {
        Some(Self {
            element: Element::from_number((number & 0xff) as usize)?,
            rank: (number >> 8) as u8,
            contiguous: number >> 16 & 1 != 0,
            writable: number >> 17 & 1 != 0,
            source: *Source::ALL.get((number >> 24) as usize)?,
        })
    }

    /// Whether the elements are scalars of NumPy to Python.
    pub fn is_numpy(self) -> bool {
        self.source == Source::Numpy
    }
}

const CONTIGUOUS: &str = "contiguous";
const READ_ONLY: &str = "read-only";

/// `ndarray<f64, 2, contiguous>`
impl fmt::Display for ArrayType {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        let (source, element) = (self.source.word(), self.element.word());
        write!(formatter, "{source}<{element}, {}", self.rank)?;
        if self.contiguous {
            write!(formatter, ", {CONTIGUOUS}")?;
        }
        if !self.writable {
            write!(formatter, ", {READ_ONLY}")?;
        }
        formatter.write_str(">")
    }
}

impl FromStr for ArrayType {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (word, inside) = text.split_once('<').ok_or(())?;
        let source = Source::ALL.into_iter().find(|source| source.word() == word);
        let mut parts = inside.strip_suffix('>').ok_or(())?.split(", ");
        let element = parts.next().and_then(Element::from_word).ok_or(())?;
        let rank = parts.next().and_then(|rank| rank.parse().ok()).ok_or(())?;
        let mut this = Self {
            source: source.ok_or(())?,
            element,
            rank,
            contiguous: false,
            writable: true,
        };
        for part in parts {
            match part {
                CONTIGUOUS => this.contiguous = true,
                READ_ONLY => this.writable = false,
                _ => return Err(()),
            }
        }
        Ok(this)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_numbers_are_read_back() {
        for element in Element::ALL {
            for flags in 0..4 {
                let array = ArrayType {
                    source: Source::ALL[flags + 1],
                    element,
                    rank: 3,
                    contiguous: flags & 1 != 0,
                    writable: flags & 2 != 0,
                };
                assert_eq!(array.to_string().parse(), Ok(array));
                assert_eq!(ArrayType::from_number(array.number()), Some(array));
            }
        }
        assert_eq!("ndarray<f64, 2, sorted>".parse::<ArrayType>(), Err(()));
    }

    #[test]
    fn limits_are_those_of_the_size() {
        for element in Element::ALL
            .into_iter()
            .filter(|element| element.is_integer())
        {
            let (low, high) = element.limits().expect("an integer has limits");
            let values = i128::from(high) - i128::from(low) + 1;
            assert_eq!(values, 1i128 << (8 * element.size()));
        }
    }
}

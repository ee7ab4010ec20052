//! Where an exit finds an object, or what it makes one of.

/// A native type that has a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Native {
    /// `i64`, an `int`.
    Int,
    /// `f64`, a `float`.
    Float,
    /// `i1`, a `bool`.
    Bool,
    /// Two `f64`, a `complex`.
    Complex,
}

impl Native {
    /// How many cells a value takes.
    pub const fn cells(self) -> u32 {
        match self {
            Self::Complex => 2,
            Self::Int | Self::Float | Self::Bool => 1,
        }
    }
}

/// Where a native value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// In the cell of that number (a complex number: from that cell on).
    Cell(u32),
    /// Here: these are the bits of a constant.
    Bits(u64),
}

/// What a slot of the frame gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// Nothing is written. Only in a list that has a parent.
    Keep,
    /// No object.
    Null,
    /// What that slot of the frame holds, which keeps its own reference.
    Slot(u32),
    /// An entry of the module's table of references, borrowed.
    Constant(u32),
    /// The object in a cell, with its reference.
    Object(u32),
    /// The box of a native value.
    Native(Native, Place),
    /// The box of a native value, or no object when the second is zero: a local that may be unbound.
    NativeIf(Native, Place, Place),
    /// The iterator of a native loop: the next value, how many are left, the step.
    Range([Place; 3]),
}

const KEEP: i32 = 0;
const NULL: i32 = 1;
const SLOT: i32 = 2;
const CONSTANT: i32 = 3;
const OBJECT: i32 = 4;
const RANGE: i32 = 5;
const NATIVE: i32 = 6;
const NATIVE_IF: i32 = NATIVE + NATIVES.len() as i32;
const NATIVES: [Native; 4] = [Native::Int, Native::Float, Native::Bool, Native::Complex];

impl Source {
    /// Whether the object is made at the exit, which takes memory.
    pub const fn is_made(self) -> bool {
        matches!(self, Self::Native(..) | Self::Range(_))
    }

    /// Appends the words of this source.
    pub(super) fn write(self, words: &mut Vec<i32>) {
        match self {
            Self::Keep => words.push(KEEP),
            Self::Null => words.push(NULL),
            Self::Slot(slot) => words.extend([SLOT, slot as i32]),
            Self::Constant(entry) => words.extend([CONSTANT, entry as i32]),
            Self::Object(cell) => words.extend([OBJECT, cell as i32]),
            Self::Native(native, value) => {
                words.push(NATIVE + native as i32);
                value.write(words);
            }
            Self::NativeIf(native, value, bound) => {
                words.push(NATIVE_IF + native as i32);
                value.write(words);
                bound.write(words);
            }
            Self::Range(places) => {
                words.push(RANGE);
                places.iter().for_each(|place| place.write(words));
            }
        }
    }

    /// Takes the words of a source from the front.
    pub(super) fn read(words: &mut impl Iterator<Item = i32>) -> Self {
        match words.next().unwrap_or(NULL) {
            KEEP => Self::Keep,
            SLOT => Self::Slot(next(words)),
            CONSTANT => Self::Constant(next(words)),
            OBJECT => Self::Object(next(words)),
            RANGE => Self::Range([(); 3].map(|()| Place::read(words))),
            kind @ NATIVE..NATIVE_IF => {
                Self::Native(NATIVES[(kind - NATIVE) as usize], Place::read(words))
            }
            kind @ NATIVE_IF.. if kind < NATIVE_IF + NATIVES.len() as i32 => {
                let native = NATIVES[(kind - NATIVE_IF) as usize];
                Self::NativeIf(native, Place::read(words), Place::read(words))
            }
            _ => Self::Null,
        }
    }
}

fn next(words: &mut impl Iterator<Item = i32>) -> u32 {
    words.next().unwrap_or_default() as u32
}

impl Place {
    /// A cell has one word, `2 * cell`; a constant has a one and its two halves.
    fn write(self, words: &mut Vec<i32>) {
        match self {
            Self::Cell(cell) => words.push((cell << 1) as i32),
            Self::Bits(bits) => words.extend([1, bits as i32, (bits >> 32) as i32]),
        }
    }

    fn read(words: &mut impl Iterator<Item = i32>) -> Self {
        match next(words) {
            1 => {
                let low = u64::from(next(words));
                Self::Bits(u64::from(next(words)) << 32 | low)
            }
            cell => Self::Cell(cell >> 1),
        }
    }
}

//! What kinds of values the instructions of baseline code met, for better code to guess from.

use crate::{
    numpy,
    object::{Object, is_exactly, type_of},
};
use std::collections::BTreeMap;
use stepwell_abi::{ArrayType, Element, cpython as c};

/// Kinds of values, and where they were from, as bits.
pub(crate) type Kinds = u8;

/// What one instruction met, in the words that baseline code has for it: [`Kinds`], and the number of an [`ArrayType`].
pub type Noted = u64;

/// The numbers that machine code holds, each with its word in the language of the passes.
pub(crate) const NUMBERS: [(Kinds, &str); 3] = [(1, "i64"), (2, "f64"), (4, "i1")];
/// No such number.
pub(crate) const OTHER: Kinds = 8;
/// From something else than a list or tuple.
const ELSEWHERE: Kinds = 16;
/// An array of NumPy, whose type stands above the kinds.
const ARRAY: Kinds = 32;
/// A scalar of NumPy, whose element stands there.
const SCALAR: Kinds = 64;
/// Where what is known of NumPy begins.
const TYPE_SHIFT: u32 = 8;
/// In `lv_tag` the count of digits begins here.
const COUNT_SHIFT: u32 = 3;
/// So many digits are always fewer than 64 bits.
const DIGITS: usize = 2;

/// What an instruction met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The word for the number that it always was, or the type of the array.
    pub word: String,
    /// Whether it was always taken from a list or tuple.
    pub in_sequence: bool,
}

/// Adds what kind of value was met, and where it was from.
///
/// # Safety
/// The objects are alive, and `seen` is the word for this instruction.
pub(crate) unsafe fn note(value: Object, source: Object, seen: *mut Noted) {
    // SAFETY: as the caller's.
    unsafe {
        let from = match is_sequence(source) {
            true => 0,
            false => ELSEWHERE,
        };
        let met = match kind(value) {
            OTHER => of_numpy(value).unwrap_or(OTHER.into()),
            number => number.into(),
        };
        *seen = join(*seen, met | Noted::from(from));
    }
}

/// What is known of an array or a scalar of NumPy.
#[cold]
unsafe fn of_numpy(value: Object) -> Option<Noted> {
    // SAFETY: as of `note`.
    unsafe {
        if let Some(array) = numpy::array(value) {
            return array.array_type().map(of_array);
        }
        numpy::element_of_scalar(value).map(of_scalar)
    }
}

fn of_scalar(element: Element) -> Noted {
    (element as Noted) << TYPE_SHIFT | Noted::from(SCALAR)
}

fn of_array(array: ArrayType) -> Noted {
    (array.number() as Noted) << TYPE_SHIFT | Noted::from(ARRAY)
}

/// What an instruction met that met one and the other.
fn join(one: Noted, other: Noted) -> Noted {
    let is_typed = |noted: Noted| noted as Kinds & (ARRAY | SCALAR) != 0;
    let differs = is_typed(one) && is_typed(other) && one >> TYPE_SHIFT != other >> TYPE_SHIFT;
    match differs {
        true => Noted::from((one | other) as Kinds | OTHER),
        false => one | other,
    }
}

unsafe fn is_sequence(source: Object) -> bool {
    // SAFETY: as of `note`.
    let class = unsafe { type_of(source) };
    [
        &raw mut c::PyList_Type,
        &raw mut c::PyTuple_Type,
        &raw mut c::PyListIter_Type,
        &raw mut c::PyTupleIter_Type,
    ]
    .contains(&class)
}

/// The kind of a value.
///
/// # Safety
/// The value is alive.
pub(crate) unsafe fn kind(value: Object) -> Kinds {
    // SAFETY: as the caller's; the tag of an exact int has the number of its digits.
    unsafe {
        if is_exactly(value, &raw const c::PyLong_Type) {
            let tag = (*value.cast::<c::PyLongObject>()).long_value.lv_tag;
            match tag >> COUNT_SHIFT <= DIGITS {
                true => NUMBERS[0].0,
                false => OTHER,
            }
        } else if is_exactly(value, &raw const c::PyFloat_Type) {
            NUMBERS[1].0
        } else if is_exactly(value, &raw const c::PyBool_Type) {
            NUMBERS[2].0
        } else {
            OTHER
        }
    }
}

/// A result of an instruction: the offset of that, and which of its results it is.
pub type Place = (u32, u32);

/// What is known of each result that was always one kind of number, or one type of array.
pub(crate) fn summary(noted: impl Iterator<Item = (Place, Noted)>) -> BTreeMap<Place, Seen> {
    let mut all: BTreeMap<Place, Noted> = BTreeMap::new();
    for (place, noted) in noted {
        let known = all.entry(place).or_default();
        *known = join(*known, noted);
    }
    let seen = |(place, noted): (Place, Noted)| {
        let kinds = noted as Kinds;
        let word = match kinds & !ELSEWHERE {
            ARRAY => ArrayType::from_number((noted >> TYPE_SHIFT) as i64)?.to_string(),
            SCALAR => {
                let element = Element::from_number((noted >> TYPE_SHIFT) as usize)?;
                format!("numpy.{}", element.word())
            }
            kind => {
                let number = NUMBERS.iter().find(|(number, _)| *number == kind);
                number?.1.to_owned()
            }
        };
        let in_sequence = kinds & ELSEWHERE == 0;
        Some((place, Seen { word, in_sequence }))
    };
    all.into_iter().filter_map(seen).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use stepwell_abi::Source;

    fn told(noted: &[(Place, Noted)]) -> Vec<(Place, String, bool)> {
        let told = summary(noted.iter().copied()).into_iter();
        told.map(|(place, seen)| (place, seen.word, seen.in_sequence))
            .collect()
    }

    #[test]
    fn an_instruction_met_one_kind_of_number_or_is_not_told_of() {
        let elsewhere = Noted::from(ELSEWHERE);
        let other = Noted::from(OTHER);
        let noted = [
            ((4, 0), 1),
            ((8, 0), 2 | elsewhere),
            ((8, 1), other),
            ((12, 0), 1),
            ((12, 0), 2),
            ((16, 0), 0),
            ((20, 0), 1 | other),
        ];
        assert_eq!(
            told(&noted),
            [((4, 0), "i64".into(), true), ((8, 0), "f64".into(), false)]
        );
    }

    #[test]
    fn an_instruction_met_one_type_of_array_or_scalar_or_is_not_told_of() {
        let of_rank = |rank| {
            of_array(ArrayType {
                source: Source::Numpy,
                element: Element::F64,
                rank,
                contiguous: true,
                writable: true,
            })
        };
        let elsewhere = Noted::from(ELSEWHERE);
        let noted = [
            ((4, 0), of_rank(2) | elsewhere),
            ((4, 0), of_rank(2) | elsewhere),
            ((8, 0), of_rank(1)),
            ((8, 0), of_rank(2)),
            ((12, 0), of_rank(1)),
            ((12, 0), 1),
            ((16, 0), join(of_rank(1), of_rank(2))),
            ((16, 0), of_rank(3)),
            ((20, 0), of_scalar(Element::F32)),
            ((24, 0), of_scalar(Element::F32)),
            ((24, 0), of_scalar(Element::F64)),
            ((28, 0), of_scalar(Element::I64)),
            ((28, 0), 1),
        ];
        let array = "ndarray<f64, 2, contiguous>".into();
        let scalar = "numpy.f32".into();
        assert_eq!(
            told(&noted),
            [((4, 0), array, false), ((20, 0), scalar, true)]
        );
    }
}

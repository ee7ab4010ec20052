//! What kinds of values the instructions of baseline code met, for better code to guess from.

use crate::object::{Object, is_exactly, type_of};
use std::collections::BTreeMap;
use stepwell_abi::cpython as c;

/// Kinds of values, and where they were from, as bits.
pub(crate) type Kinds = u8;

/// The numbers that machine code holds, each with its word in the language of the passes.
pub(crate) const NUMBERS: [(Kinds, &str); 3] = [(1, "i64"), (2, "f64"), (4, "i1")];
/// No such number.
pub(crate) const OTHER: Kinds = 8;
/// From something else than a list or tuple.
const ELSEWHERE: Kinds = 16;
/// In `lv_tag` the count of digits begins here.
const COUNT_SHIFT: u32 = 3;
/// So many digits are always fewer than 64 bits.
const DIGITS: usize = 2;

/// What an instruction met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The word for the number that it always was.
    pub word: &'static str,
    /// Whether it was always taken from a list or tuple.
    pub in_sequence: bool,
}

/// Adds what kind of value was met, and where it was from.
///
/// # Safety
/// The objects are alive, and `seen` is a byte for this instruction.
pub(crate) unsafe fn note(value: Object, source: Object, seen: *mut Kinds) {
    // SAFETY: as the caller's.
    unsafe {
        let from = match is_sequence(source) {
            true => 0,
            false => ELSEWHERE,
        };
        *seen |= kind(value) | from;
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

/// What is known of each result that was always one kind of number.
pub(crate) fn summary(noted: impl Iterator<Item = (Place, Kinds)>) -> BTreeMap<Place, Seen> {
    let mut all: BTreeMap<Place, Kinds> = BTreeMap::new();
    for (place, kinds) in noted {
        *all.entry(place).or_default() |= kinds;
    }
    let seen = |(place, kinds): (Place, Kinds)| {
        let number = NUMBERS.iter().find(|(kind, _)| *kind == kinds & !ELSEWHERE);
        number.map(|(_, word)| {
            let seen = Seen {
                word,
                in_sequence: kinds & ELSEWHERE == 0,
            };
            (place, seen)
        })
    };
    all.into_iter().filter_map(seen).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instruction_met_one_kind_of_number_or_is_not_told_of() {
        let noted = [
            ((4, 0), 1),
            ((8, 0), 2 | ELSEWHERE),
            ((8, 1), OTHER),
            ((12, 0), 1),
            ((12, 0), 2),
            ((16, 0), 0),
            ((20, 0), 1 | OTHER),
        ];
        let told = summary(noted.into_iter());
        let seen = |word, in_sequence| Seen { word, in_sequence };
        assert_eq!(
            told.into_iter().collect::<Vec<_>>(),
            [((4, 0), seen("i64", true)), ((8, 0), seen("f64", false))]
        );
    }
}

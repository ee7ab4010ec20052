//! The tests in front of a strip.

use super::{bounds::SUM, numbers::Numbers, plan::Plan, shape::CountedLoop};
use crate::{
    analysis::slots::defining_op, builder::CmpiPredicate, cfg::name_of, cursor::Cursor,
    inspect::str_attribute,
};
use melior::ir::{OperationRef, Value, operation::OperationLike};
use stepwell_abi::{ArrayType, Element};

/// An index that must be in bounds in all iterations of a strip.
pub struct IndexTest<'c, 'a> {
    /// A value from outside, else the item of the range.
    pub index: Option<Value<'c, 'a>>,
    /// What is added to it.
    pub plus: i64,
    /// The length of the axis.
    pub length: Value<'c, 'a>,
}

/// The memory of an array.
#[derive(Clone)]
pub struct Extent<'c, 'a> {
    start: Value<'c, 'a>,
    shape: Vec<Value<'c, 'a>>,
    /// Of an element, in bytes.
    size: i64,
}

impl<'c, 'a> Extent<'c, 'a> {
    /// The memory that an element is in; nothing unless it is a contiguous array from outside the loop.
    pub fn of(
        found: &CountedLoop<'c, 'a>,
        data: Value<'c, 'a>,
        access: OperationRef<'c, 'a>,
    ) -> Option<Self> {
        let describe = defining_op(data).filter(|op| name_of(*op) == "py.describe")?;
        let array: ArrayType = str_attribute(describe, "array")?.parse().ok()?;
        let element = Element::from_word(str_attribute(access, "element")?)?;
        let plain = array.contiguous && !found.defines(data);
        plain.then(|| Self {
            start: data,
            shape: (2..describe.result_count())
                .filter_map(|index| crate::inspect::result(describe, index))
                .collect(),
            size: element.size() as i64,
        })
    }
}

/// Whether a strip of `count` iterations from the values in `arguments` on is right.
pub fn tests<'c, 'a>(
    cursor: &Cursor<'c, 'a>,
    plan: &Plan<'c, 'a>,
    arguments: &[Value<'c, 'a>],
    count: Value<'c, 'a>,
) -> Value<'c, 'a> {
    let numbers = Numbers::at(cursor);
    let found = &plan.found;
    let old = found.arguments();
    let at_start = |value: Value<'c, 'a>| {
        let place = old.iter().position(|argument| *argument == value);
        place.map_or(value, |place| arguments[place])
    };
    let first = arguments[found.item];
    let steps = numbers.i64("arith.subi", count, numbers.int(1));
    let distance = numbers.i64("arith.muli", steps, numbers.int(found.step));
    let last = numbers.i64("arith.addi", first, distance);
    let mut all = Vec::new();
    if plan.bounds.items {
        let behind = numbers.i64("arith.addi", last, numbers.int(found.step));
        all.push(numbers.is_within(first, plan.bounds.limit));
        all.push(numbers.is_within(behind, plan.bounds.limit));
    }
    for value in &plan.bounds.small {
        all.push(numbers.is_within(at_start(*value), plan.bounds.limit));
    }
    for value in &plan.bounds.sums {
        all.push(numbers.is_within(at_start(*value), SUM));
    }
    for test in &plan.indices {
        let ends = match test.index {
            Some(index) => vec![index],
            None => vec![first, last],
        };
        for end in ends {
            let index = numbers.i64("arith.addi", end, numbers.int(test.plus));
            all.push(numbers.cmpi(CmpiPredicate::Ult, index, test.length));
        }
    }
    for (one, other) in &plan.apart {
        all.push(are_apart(&numbers, one, other));
    }
    let joined = all
        .into_iter()
        .reduce(|left, right| numbers.i1("arith.andi", left, right));
    joined.unwrap_or_else(|| numbers.bool(true))
}

/// Whether one area ends before the other begins.
fn are_apart<'c, 'a>(
    numbers: &Numbers<'c, 'a>,
    one: &Extent<'c, 'a>,
    other: &Extent<'c, 'a>,
) -> Value<'c, 'a> {
    let end = |extent: &Extent<'c, 'a>| {
        let size = numbers.int(extent.size);
        let size = extent.shape.iter().fold(size, |size, length| {
            numbers.i64("arith.muli", size, *length)
        });
        numbers.i64("arith.addi", extent.start, size)
    };
    let before = numbers.cmpi(CmpiPredicate::Ule, end(one), other.start);
    let behind = numbers.cmpi(CmpiPredicate::Ule, end(other), one.start);
    numbers.i1("arith.ori", before, behind)
}

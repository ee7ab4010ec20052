//! What a strip overwrites, where that can be told before it runs: then it is kept, and put back if the strip was wrong.

use super::{
    numbers::Numbers,
    shape::{CountedLoop, argument_of},
};
use crate::{
    analysis::slots::defining_op,
    cfg::{name_of, op_key, operand_of},
    collections::IndexSet,
    cursor::Cursor,
    inspect::{arith_constant, str_attribute},
};
use melior::ir::{OperationRef, Value};
use stepwell_abi::Element;

/// Elements that a `py.set_element` writes, one in each iteration, at even distances.
pub struct Kept<'c, 'a> {
    data: Value<'c, 'a>,
    offset: Value<'c, 'a>,
    /// Of an element, in bytes.
    size: i64,
}

/// Such elements in one strip.
#[derive(Clone, Copy)]
pub struct Area<'c, 'a> {
    address: Value<'c, 'a>,
    stride: Value<'c, 'a>,
    size: i64,
}

impl<'c, 'a> Kept<'c, 'a> {
    /// Nothing unless the array is from outside the loop, and the place in it goes with the item of the range alone.
    pub fn of(
        found: &CountedLoop<'c, 'a>,
        wild: &IndexSet<usize>,
        write: OperationRef<'c, 'a>,
    ) -> Option<Self> {
        let (data, offset) = (operand_of(write, 2)?, operand_of(write, 3)?);
        let element = Element::from_word(str_attribute(write, "element")?)?;
        let is_even = degree(found, wild, offset)? <= 1;
        (is_even && !found.defines(data)).then_some(Self {
            data,
            offset,
            size: element.size() as i64,
        })
    }

    /// The elements of a strip that begins with that item.
    pub fn area(
        &self,
        cursor: &Cursor<'c, 'a>,
        found: &CountedLoop<'c, 'a>,
        first: Value<'c, 'a>,
    ) -> Area<'c, 'a> {
        let numbers = Numbers::at(cursor);
        let next = numbers.i64("arith.addi", first, numbers.int(found.step));
        let [first, second] = [first, next].map(|item| at(&numbers, found, self.offset, item));
        Area {
            address: numbers.i64("arith.addi", self.data, first),
            stride: numbers.i64("arith.subi", second, first),
            size: self.size,
        }
    }
}

impl<'c, 'a> Area<'c, 'a> {
    /// `num.keep` or `num.restore` of so many elements.
    pub fn copy(&self, cursor: &Cursor<'c, 'a>, name: &str, buffer: usize, count: Value<'c, 'a>) {
        let attributes = [
            ("buffer", cursor.i32(buffer as i64)),
            ("size", cursor.i32(self.size)),
        ];
        cursor.op(name, &[count, self.address, self.stride], &[], &attributes);
    }
}

/// The degree of a polynomial in the item of the range; nothing for anything else.
fn degree<'c, 'a>(
    found: &CountedLoop<'c, 'a>,
    wild: &IndexSet<usize>,
    value: Value<'c, 'a>,
) -> Option<u32> {
    if !found.defines(value) || arith_constant(value).is_some() {
        return Some(0);
    }
    let Some(op) = defining_op(value) else {
        return (argument_of(found.head, value) == Some(found.item)).then_some(1);
    };
    let of = |index| degree(found, wild, operand_of(op, index)?);
    match name_of(op) {
        "arith.addi" | "arith.subi" | "num.add" | "num.sub" => Some(of(0)?.max(of(1)?)),
        "arith.muli" | "num.mul" => Some(of(0)? + of(1)?),
        "num.index" if !wild.contains(&op_key(op)) => of(0),
        _ => None,
    }
}

/// Such a polynomial for an item. Nothing in it overflows, which is tested in front of the strip.
fn at<'c, 'a>(
    numbers: &Numbers<'c, 'a>,
    found: &CountedLoop<'c, 'a>,
    value: Value<'c, 'a>,
    item: Value<'c, 'a>,
) -> Value<'c, 'a> {
    if !found.defines(value) {
        return value;
    }
    if let Some(constant) = arith_constant(value) {
        return numbers.int(constant);
    }
    let Some(op) = defining_op(value) else {
        return item;
    };
    let of = |index| {
        let operand = operand_of(op, index).expect("the op has its operands");
        at(numbers, found, operand, item)
    };
    match name_of(op) {
        "num.index" => of(0),
        "num.add" => numbers.i64("arith.addi", of(0), of(1)),
        "num.sub" => numbers.i64("arith.subi", of(0), of(1)),
        "num.mul" => numbers.i64("arith.muli", of(0), of(1)),
        name => numbers.i64(name, of(0), of(1)),
    }
}

//! Inlined generators: whether one may be, and what an exit needs to know of it.
//!
//! Each group of generators has an array of words on the C stack, which `sw_unpark` reads: how many of its generators are
//! parked (none or all); then for each the object, its bytecode offset, how many values it has, and for each of those a
//! tag and three words. What is constant is written at the start of the function.

use super::emit::{Lowering, integer, text, type_attribute};
use crate::{
    analysis::{frame_state::read, slots::defining_op},
    cfg::{Cfg, name_of, value_key},
    cursor::Cursor,
    inspect::string,
};
use melior::ir::{
    OperationRef, Value, ValueLike, attribute::ArrayAttribute, operation::OperationLike,
};
use stepwell_abi::{self as abi, layout, parking};
use stepwell_dialects::ir::operations;

/// The array of one group.
pub struct Parking<'c, 'a> {
    group: i64,
    words: Value<'c, 'a>,
    /// What will be written there. Whatever makes its generators is lowered before it.
    park: OperationRef<'c, 'a>,
    /// The places of the parts of each generator.
    places: Vec<usize>,
}

/// Makes the arrays that a function needs, in its entry.
pub fn arrays<'c, 'a>(
    lowering: &Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    cfg: &Cfg<'c, 'a>,
) -> Vec<Parking<'c, 'a>> {
    let all = cfg.blocks.iter().flat_map(|block| operations(*block));
    all.filter(|op| name_of(*op) == "state.park")
        .map(|park| array(lowering, cursor, park))
        .collect()
}

fn array<'c, 'a>(
    lowering: &Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    park: OperationRef<'c, 'a>,
) -> Parking<'c, 'a> {
    let members = members(park);
    let values: usize = members.iter().map(|member| member.kinds.len()).sum();
    let size = parking::HEADER + members.len() * parking::GENERATOR + values * parking::VALUE;
    let types = lowering.types();
    let count = lowering.int(cursor, types.i64, size as i64);
    let element = ("elem_type", type_attribute(types.i64));
    let words = cursor.value("llvm.alloca", &[count], types.ptr, &[element]);
    let write = |place: usize, number: i64| {
        let number = lowering.int(cursor, types.i64, number);
        lowering.store(
            cursor,
            number,
            lowering.at(cursor, words, place * layout::SLOT),
        );
    };
    write(0, 0);
    let mut place = parking::HEADER;
    let mut places = Vec::new();
    for member in members {
        places.push(place);
        write(place + parking::OFFSET, member.offset);
        write(place + parking::COUNT, member.kinds.len() as i64);
        place += parking::GENERATOR;
        for kind in &member.kinds {
            write(place, tag(kind.trim_end_matches('?')));
            place += parking::VALUE;
        }
    }
    Parking {
        group: integer(park, "group"),
        words,
        park,
        places,
    }
}

fn tag(kind: &str) -> i64 {
    match kind {
        "null" => parking::NULL,
        "object" => parking::OBJECT,
        "int" => parking::INT,
        "float" => parking::FLOAT,
        "bool" => parking::BOOL,
        "range" => parking::RANGE,
        _ => parking::KEPT,
    }
}

/// One generator of a `state.park`.
struct Member<'c, 'a> {
    offset: i64,
    kinds: Vec<&'c str>,
    values: Vec<Value<'c, 'a>>,
}

fn members<'c, 'a>(park: OperationRef<'c, 'a>) -> Vec<Member<'c, 'a>> {
    let operands: Vec<_> = park.operands().collect();
    let states = &operands[operands.len() / 2..];
    let member = |state: &Value<'c, 'a>| {
        let state = defining_op(*state)?;
        let kinds = ArrayAttribute::try_from(state.attribute("py.parked").ok()?).ok()?;
        let kinds = (0..kinds.len()).filter_map(|index| string(kinds.element(index).ok()?));
        let kinds = kinds.collect();
        let state = read(state);
        Some(Member {
            offset: state.offset,
            kinds,
            values: state.stack,
        })
    };
    states.iter().filter_map(member).collect()
}

impl<'c, 'a> Lowering<'c, 'a, '_> {
    fn parking(&self, group: i64) -> Option<&Parking<'c, 'a>> {
        self.parkings.iter().find(|parking| parking.group == group)
    }

    fn word(&self, cursor: &Cursor<'c, 'a>, words: Value<'c, 'a>, place: usize) -> Value<'c, 'a> {
        self.at(cursor, words, place * layout::SLOT)
    }
}

/// Lowers an op of this family.
pub fn lower<'c, 'a>(lowering: &mut Lowering<'c, 'a, '_>, op: OperationRef<'c, 'a>) -> bool {
    let cursor = lowering.function.before(op);
    match name_of(op) {
        "state.adopt" => adopt(lowering, &cursor, op),
        "state.park" => park(lowering, &cursor, op),
        _ => return false,
    }
    true
}

fn adopt<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
) {
    let types = lowering.types();
    let Ok(generator) = op.operand(0) else { return };
    if let Some(parking) = lowering.parking(integer(op, "group")) {
        let none = lowering.int(cursor, types.i64, 0);
        lowering.store(cursor, none, parking.words);
        let mut generators = parking.park.operands();
        let index = generators.position(|other| value_key(other) == value_key(generator));
        if let Some(place) = index.and_then(|index| parking.places.get(index)) {
            let place = lowering.word(cursor, parking.words, *place);
            lowering.store(cursor, generator, place);
        }
    }
    let code = lowering.reference(cursor, format!("generator {}", text(op, "code")));
    let references = lowering.int(cursor, types.i32, integer(op, "references"));
    let row = abi::function("sw_adopt").expect("the table has the test of generators");
    let arguments = [lowering.tstate, generator, code, references];
    let answer = lowering.call(cursor, row, &arguments);
    if let Some(answer) = answer {
        let zero = lowering.int(cursor, types.i32, 0);
        let yes = lowering.compare(cursor, super::emit::Compare::Ne, answer, zero);
        lowering.replace(op, 0, yes);
    }
}

fn park<'c, 'a>(
    lowering: &Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
) {
    let Some(parking) = lowering.parking(integer(op, "group")) else {
        return;
    };
    let members = members(op);
    let count = lowering.int(cursor, lowering.types().i64, members.len() as i64);
    lowering.store(cursor, count, parking.words);
    for (member, place) in members.into_iter().zip(&parking.places) {
        let mut values = member.values.into_iter();
        let mut place = place + parking::GENERATOR;
        for kind in member.kinds {
            keep(lowering, cursor, (parking.words, place), kind, &mut values);
            place += parking::VALUE;
        }
    }
}

/// Writes the parts of a value, and its tag if that is not constant.
fn keep<'c, 'a>(
    lowering: &Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    (words, place): (Value<'c, 'a>, usize),
    kind: &str,
    values: &mut impl Iterator<Item = Value<'c, 'a>>,
) {
    let types = lowering.types();
    let parts = match kind {
        "null" | "kept" => 0,
        "range" => 3,
        _ => 1,
    };
    for (index, value) in values.by_ref().take(parts).enumerate() {
        let value = if value.r#type() == types.i1 {
            cursor.value("arith.extui", &[value], types.i64, &[])
        } else {
            value
        };
        let place = lowering.word(cursor, words, place + 1 + index);
        lowering.store(cursor, value, place);
    }
    if let Some(kind) = kind.strip_suffix('?') {
        let Some(bound) = values.next() else { return };
        let tags = [tag(kind), parking::NULL].map(|tag| lowering.int(cursor, types.i64, tag));
        let tag = cursor.value("arith.select", &[bound, tags[0], tags[1]], types.i64, &[]);
        lowering.store(cursor, tag, lowering.word(cursor, words, place));
    }
}

/// In front of an exit: writes what is parked into the frames of the generators.
pub fn unpark<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    exit: OperationRef<'c, 'a>,
) {
    if !exit.has_attribute("py.unpark") {
        return;
    }
    let words = lowering
        .parking(integer(exit, "py.unpark"))
        .map(|parking| parking.words);
    if let Some(words) = words {
        let row = abi::function("sw_unpark").expect("the table has the parked generators");
        lowering.call(cursor, row, &[words]);
    }
}

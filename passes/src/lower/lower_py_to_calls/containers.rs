//! Ops that pass several objects in memory: calls, displays, unpacking.

use super::{
    emit::{Lowering, integer},
    entry::CALL_EXTRA,
    rows::finish,
};
use crate::{cfg::name_of, cursor::Cursor, function::raised};
use melior::ir::{OperationRef, operation::OperationLike};
use stepwell_abi as abi;

/// Lowers an op of this family.
pub fn lower<'c, 'a>(lowering: &mut Lowering<'c, 'a, '_>, op: OperationRef<'c, 'a>) -> bool {
    let cursor = lowering.function.before(op);
    match name_of(op) {
        "py.call" => call(lowering, &cursor, op),
        "py.build_list" => build(lowering, &cursor, op, "sw_build_list", 1),
        "py.build_tuple" => build(lowering, &cursor, op, "sw_build_tuple", 1),
        "py.build_set" => build(lowering, &cursor, op, "sw_build_set", 1),
        "py.build_map" => build(lowering, &cursor, op, "sw_build_map", 2),
        "py.build_string" => build(lowering, &cursor, op, "sw_build_string", 1),
        "py.build_const_key_map" => build_const_key_map(lowering, &cursor, op),
        "py.unpack_sequence" => unpack(lowering, &cursor, op, "sw_unpack_sequence"),
        "py.unpack_ex" => unpack(lowering, &cursor, op, "sw_unpack_ex"),
        _ => return false,
    }
    true
}

/// The array is [for the callee's use, self, arguments...].
fn call<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
) {
    let objects = lowering.objects(op);
    lowering.fill_scratch(cursor, CALL_EXTRA - 1, &objects[1..]);
    let count = lowering.int(cursor, lowering.types().i64, objects.len() as i64 - 2);
    let keywords = match op.attribute("kwnames") {
        Ok(_) => lowering.reference(cursor, format!("const {}", integer(op, "kwnames"))),
        Err(_) => lowering.null(cursor),
    };
    let row = abi::function("sw_call").expect("the table has the call");
    let arguments = [objects[0], lowering.scratch, count, keywords];
    finish(lowering, cursor, op, row, &arguments);
}

fn build<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
    symbol: &str,
    objects_per_item: usize,
) {
    let objects = lowering.objects(op);
    lowering.fill_scratch(cursor, 0, &objects);
    let count = lowering.int(
        cursor,
        lowering.types().i64,
        (objects.len() / objects_per_item) as i64,
    );
    let row = abi::function(symbol).expect("the table has the displays");
    let arguments = [lowering.scratch, count];
    finish(lowering, cursor, op, row, &arguments);
}

fn build_const_key_map<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
) {
    let objects = lowering.objects(op);
    lowering.fill_scratch(cursor, 0, &objects[1..]);
    let count = lowering.int(cursor, lowering.types().i64, objects.len() as i64 - 1);
    let row = abi::function("sw_build_const_key_map").expect("the table has the displays");
    let arguments = [objects[0], lowering.scratch, count];
    finish(lowering, cursor, op, row, &arguments);
}

fn unpack<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
    symbol: &str,
) {
    let items = op.result_count() - usize::from(raised(op).is_some());
    let i32 = lowering.types().i32;
    let row = abi::function(symbol).expect("the table unpacks");
    let sequence = lowering.objects(op)[0];
    let mut arguments = vec![lowering.tstate, sequence];
    if symbol == "sw_unpack_ex" {
        let before = integer(op, "before");
        arguments.push(lowering.int(cursor, i32, before));
        arguments.push(lowering.int(cursor, i32, items as i64 - before - 1));
    } else {
        arguments.push(lowering.int(cursor, i32, items as i64));
    }
    arguments.push(lowering.scratch);
    let answer = lowering
        .call(cursor, row, &arguments)
        .expect("unpacking has a status");
    let zero = lowering.int(cursor, i32, 0);
    let failed = lowering.compare(cursor, super::emit::Compare::Slt, answer, zero);
    lowering.replace_raised(op, failed);
    for index in 0..items {
        let place = lowering.scratch(cursor, index);
        let item = lowering.load(cursor, lowering.types().ptr, place);
        lowering.replace(op, index, item);
    }
}

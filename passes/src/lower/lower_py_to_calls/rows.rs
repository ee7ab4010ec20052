//! Ops that are one call: their operands are the parameters of a row of the table of runtime functions.

use super::{
    emit::{Compare, Lowering, integer, machine_type, text},
    frame,
};
use crate::{
    cfg::name_of,
    cursor::{Cursor, result_of},
    function::raised,
};
use melior::ir::{OperationRef, Value, operation::OperationLike};
use stepwell_abi::{self as abi, Failure, Function};
use stepwell_dialects::ir::uses;

/// The function for each op that passes its operands in order.
const ROWS: &[(&str, &str)] = &[
    ("py.before_async_with", "sw_before_async_with"),
    ("py.before_with", "sw_before_with"),
    ("py.build_slice", "PySlice_New"),
    ("py.call_ex", "sw_call_ex"),
    ("py.call_intrinsic_1", "sw_call_intrinsic_1"),
    ("py.call_intrinsic_2", "sw_call_intrinsic_2"),
    ("py.check_eg_match", "sw_check_eg_match"),
    ("py.check_exc_match", "sw_check_exc_match"),
    ("py.cleanup_throw", "sw_cleanup_throw"),
    ("py.compare", "sw_compare"),
    ("py.compare_truth", "sw_compare_truth"),
    ("py.delete_attr", "sw_delete_attr"),
    ("py.delete_deref", "sw_delete_deref"),
    ("py.delete_global", "sw_delete_global"),
    ("py.delete_name", "sw_delete_name"),
    ("py.delete_subscr", "PyObject_DelItem"),
    ("py.dict_merge", "sw_dict_merge"),
    ("py.dict_update", "sw_dict_update"),
    ("py.end_async_for", "sw_end_async_for"),
    ("py.fetch_exception", "PyErr_GetRaisedException"),
    ("py.format_simple", "sw_format_simple"),
    ("py.format_with_spec", "PyObject_Format"),
    ("py.get_aiter", "sw_get_aiter"),
    ("py.get_anext", "sw_get_anext"),
    ("py.get_awaitable", "sw_get_awaitable"),
    ("py.get_iter", "PyObject_GetIter"),
    ("py.get_len", "sw_get_len"),
    ("py.get_yield_from_iter", "sw_get_yield_from_iter"),
    ("py.import_from", "sw_import_from"),
    ("py.list_append", "sw_list_append"),
    ("py.list_extend", "sw_list_extend"),
    ("py.load_attr", "sw_load_attr"),
    ("py.load_build_class", "sw_load_build_class"),
    ("py.load_closure", "sw_load_closure"),
    ("py.load_deref", "sw_load_deref"),
    ("py.load_from_dict_or_deref", "sw_load_from_dict_or_deref"),
    (
        "py.load_from_dict_or_globals",
        "sw_load_from_dict_or_globals",
    ),
    ("py.load_global", "sw_load_global_cached"),
    ("py.load_locals", "sw_load_locals"),
    ("py.load_method", "sw_load_method"),
    ("py.load_name", "sw_load_name"),
    ("py.load_slice", "sw_load_slice"),
    ("py.load_subscr", "sw_load_subscr"),
    ("py.load_super_attr", "sw_load_super_attr"),
    ("py.load_super_method", "sw_load_super_method"),
    ("py.make_cell", "PyCell_New"),
    ("py.make_function", "sw_make_function"),
    ("py.map_add", "PyDict_SetItem"),
    ("py.match_class", "sw_match_class"),
    ("py.match_keys", "_PyEval_MatchKeys"),
    ("py.match_mapping", "sw_match_mapping"),
    ("py.match_sequence", "sw_match_sequence"),
    ("py.pop_except", "sw_pop_except"),
    ("py.push_exc_info", "sw_push_exc_info"),
    ("py.raise", "sw_raise"),
    ("py.range_iterator", "sw_range_iterator"),
    ("py.reraise", "sw_reraise"),
    ("py.set_add", "PySet_Add"),
    ("py.set_function_attribute", "sw_set_function_attribute"),
    ("py.set_update", "_PySet_Update"),
    ("py.setup_annotations", "sw_setup_annotations"),
    ("py.store_attr", "sw_store_attr"),
    ("py.store_deref", "sw_store_deref"),
    ("py.store_global", "sw_store_global"),
    ("py.store_name", "sw_store_name"),
    ("py.store_slice", "sw_store_slice"),
    ("py.store_subscr", "sw_store_subscr"),
    ("py.truth", "sw_truth"),
    ("py.tuple_iterator", "sw_iterator_at"),
    ("py.with_except_start", "sw_with_except_start"),
];

/// Lowers an op of this family.
pub fn lower<'c, 'a>(lowering: &mut Lowering<'c, 'a, '_>, op: OperationRef<'c, 'a>) -> bool {
    let mut operands = operands(lowering, op);
    let row = match name_of(op) {
        "py.binary" => usize::try_from(integer(op, "kind"))
            .ok()
            .and_then(abi::binary),
        "py.unary" => usize::try_from(integer(op, "kind"))
            .ok()
            .and_then(abi::unary),
        "py.convert_value" => conversion(op),
        "py.contains" => {
            operands.swap(0, 1);
            abi::function("PySequence_Contains")
        }
        "py.import_name" => {
            operands.swap(0, 1);
            abi::function("sw_import_name")
        }
        name => ROWS
            .iter()
            .find(|(op, _)| *op == name)
            .and_then(|(_, symbol)| abi::function(symbol)),
    };
    let Some(row) = row else { return false };
    let cursor = lowering.function.before(op);
    let (row, arguments) = match local_to_extend(op) {
        Some((row, slot)) => {
            let place = frame::slot(lowering, &cursor, slot);
            (row, [&[place], &operands[..]].concat())
        }
        None => (row, arguments(lowering, &cursor, op, row, &operands)),
    };
    finish(lowering, &cursor, op, row, &arguments);
    true
}

/// Functions whose usual way machine code takes itself: helpers with the same parameters, which call them for the rest.
const QUICK: &[(&str, &str)] = &[
    ("sw_compare_truth", "compare_truth"),
    ("sw_for_iter", "for_iter"),
    ("sw_load_attr", "load_attr"),
    ("sw_load_closure", "load_closure"),
    ("sw_load_deref", "load_deref"),
    ("sw_load_global_cached", "load_global"),
    ("sw_load_method", "load_method"),
    ("sw_load_subscr", "load_subscr"),
    ("sw_store_attr", "store_attr"),
    ("sw_store_deref", "store_deref"),
    ("sw_truth", "truth"),
];

/// The function for a sum that is assigned to a local, and the slot of that. If it is a string that is extended, nobody
/// else sees the old one, and it grows in place.
fn local_to_extend(op: OperationRef) -> Option<(&'static Function, usize)> {
    let symbol = match integer(op, "kind") {
        _ if name_of(op) != "py.binary" => return None,
        0 => "sw_add_local",
        13 => "sw_inplace_add_local",
        _ => return None,
    };
    let result = op.result(0).ok()?;
    let stored = |(user, operand): &(OperationRef, usize)| {
        *operand == 0 && name_of(*user) == "py.store_local"
    };
    let (store, _) = uses(result.into()).into_iter().find(stored)?;
    let slot = usize::try_from(integer(store, "index")).ok()?;
    Some((abi::function(symbol)?, slot))
}

/// The values an op passes: all but its frame state.
fn operands<'c, 'a>(
    lowering: &Lowering<'c, 'a, '_>,
    op: OperationRef<'c, 'a>,
) -> Vec<Value<'c, 'a>> {
    use melior::ir::ValueLike;
    op.operands()
        .filter(|value| value.r#type() != lowering.types().state)
        .collect()
}

/// The function of CONVERT_VALUE.
fn conversion(op: OperationRef) -> Option<&'static Function> {
    match integer(op, "kind") {
        1 => abi::function("PyObject_Str"),
        2 => abi::function("PyObject_Repr"),
        3 => abi::function("PyObject_ASCII"),
        _ => None,
    }
}

/// Finds a value for each parameter: some by their name, numbers among the attributes, the rest in order.
pub fn arguments<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
    row: &'static Function,
    operands: &[Value<'c, 'a>],
) -> Vec<Value<'c, 'a>> {
    let types = lowering.types();
    let mut rest = operands.iter().copied();
    let mut arguments = Vec::new();
    for (name, r#type) in row.params {
        let value = match (*name, *r#type) {
            ("ts", _) => lowering.tstate,
            ("frame", _) => lowering.frame,
            ("name", _) => lowering.reference(cursor, format!("name {}", text(op, "name"))),
            ("cache", _) => lowering.cache(cursor, row.cache_words),
            ("arguments", _) => lowering.int(cursor, types.i32, super_arguments(op)),
            (name, abi::Type::Ptr) if name.starts_with("out") => lowering.scratch(cursor, 0),
            (name, abi::Type::I32) => lowering.int(cursor, types.i32, integer(op, name)),
            (name, abi::Type::I64) if op.attribute(name).is_ok() => {
                lowering.int(cursor, types.i64, integer(op, name))
            }
            _ => rest.next().unwrap_or(lowering.frame),
        };
        arguments.push(value);
    }
    arguments
}

/// What LOAD_SUPER_ATTR tells its function.
fn super_arguments(op: OperationRef) -> i64 {
    if op.attribute("two_arguments").is_ok() {
        2
    } else {
        0
    }
}

/// Calls the function and makes its answer the results of the op.
pub fn finish<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
    row: &'static Function,
    arguments: &[Value<'c, 'a>],
) {
    let answer = match QUICK.iter().find(|(symbol, _)| *symbol == row.symbol) {
        Some((_, helper)) => {
            let results: Vec<_> = machine_type(&lowering.types(), row.result)
                .into_iter()
                .collect();
            let call = lowering.call_helper(cursor, helper, arguments, &results);
            (call.result_count() > 0).then(|| result_of(call, 0))
        }
        None => lowering.call(cursor, row, arguments),
    };
    answer_with(lowering, cursor, op, row, answer);
}

/// Makes the answer of the function the results of the op.
pub fn answer_with<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
    row: &'static Function,
    answer: Option<Value<'c, 'a>>,
) {
    let failed = failed(lowering, cursor, row, answer);
    lowering.replace_raised(op, failed);
    let plain = op.result_count() - usize::from(raised(op).is_some());
    let Some(answer) = answer else { return };
    match (row.ownership, plain) {
        (_, 0) => {}
        (abi::Result::Tagged, _) => tagged(lowering, cursor, op, answer),
        (abi::Result::Plain, _) if row.result == abi::Type::I32 => {
            let zero = lowering.int(cursor, lowering.types().i32, 0);
            let yes = lowering.compare(cursor, Compare::Sgt, answer, zero);
            lowering.replace(op, 0, yes);
        }
        _ => {
            lowering.replace(op, 0, answer);
            if plain > 1 {
                let place = lowering.scratch(cursor, 0);
                let second = lowering.load(cursor, lowering.types().ptr, place);
                lowering.replace(op, 1, second);
            }
        }
    }
}

/// How the function says that it failed.
fn failed<'c, 'a>(
    lowering: &Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    row: &'static Function,
    answer: Option<Value<'c, 'a>>,
) -> Value<'c, 'a> {
    let types = lowering.types();
    match (row.failure, answer) {
        (Failure::Null, Some(answer)) => lowering.is_null(cursor, answer),
        (Failure::Negative, Some(answer)) => {
            let zero = lowering.int(cursor, types.i32, 0);
            lowering.compare(cursor, Compare::Slt, answer, zero)
        }
        (Failure::Always, _) => lowering.int(cursor, types.i1, 1),
        _ => lowering.int(cursor, types.i1, 0),
    }
}

/// Separates the object from the bit that tells the end.
fn tagged<'c, 'a>(
    lowering: &Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
    answer: Value<'c, 'a>,
) {
    let types = lowering.types();
    let bits = cursor.value("llvm.ptrtoint", &[answer], types.i64, &[]);
    let bit = lowering.int(cursor, types.i64, abi::FINISHED as i64);
    let none = lowering.int(cursor, types.i64, 0);
    let finished = cursor.value("arith.andi", &[bits, bit], types.i64, &[]);
    let finished = lowering.compare(cursor, Compare::Ne, finished, none);
    let mask = lowering.int(cursor, types.i64, !(abi::FINISHED as i64));
    let object = cursor.value("arith.andi", &[bits, mask], types.i64, &[]);
    let object = cursor.value("llvm.inttoptr", &[object], types.ptr, &[]);
    lowering.replace(op, 0, object);
    lowering.replace(op, 1, finished);
}

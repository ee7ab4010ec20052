//! Operations on objects of builtin types, which tell when they are not for these operands.
//!
//! ```mlir
//! // before
//! %ok, %less = py.try_compare lt %0, %1
//! // after
//! %answer = call @sw_try_compare(%0, %1, %lt) : (!llvm.ptr, !llvm.ptr, i32) -> i32
//! %ok = llvm.icmp "sgt" %answer, %minus_one : i32
//! %less = llvm.icmp "sgt" %answer, %zero : i32
//! ```

use super::emit::{Compare, Lowering, integer};
use crate::{cfg::name_of, cursor::Cursor};
use melior::ir::{OperationRef, Value, ValueLike, operation::OperationLike};
use stepwell_abi as abi;

/// Lowers an op of this family.
pub fn lower<'c, 'a>(lowering: &mut Lowering<'c, 'a, '_>, op: OperationRef<'c, 'a>) -> bool {
    let symbol = match name_of(op) {
        "py.try_binary" => "sw_try_binary",
        "py.try_compare" => "sw_try_compare",
        "py.try_subscr" => "sw_try_subscr",
        "py.try_truth" => "sw_try_truth",
        _ => return false,
    };
    let cursor = lowering.function.before(op);
    let mut arguments: Vec<_> = op.operands().collect();
    if op.has_attribute("kind") {
        let i32 = lowering.types().i32;
        arguments.push(lowering.int(&cursor, i32, integer(op, "kind")));
    }
    let row = abi::function(symbol).expect("the table has it");
    let Some(answer) = lowering.call(&cursor, row, &arguments) else {
        return false;
    };
    if answer.r#type() == lowering.types().ptr {
        let null = lowering.null(&cursor);
        let ok = lowering.compare(&cursor, Compare::Ne, answer, null);
        lowering.replace(op, 0, ok);
        lowering.replace(op, 1, answer);
    } else {
        lowering.replace(op, 0, is_above(lowering, &cursor, answer, -1));
        lowering.replace(op, 1, is_above(lowering, &cursor, answer, 0));
    }
    true
}

fn is_above<'c, 'a>(
    lowering: &Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    answer: Value<'c, 'a>,
    bound: i64,
) -> Value<'c, 'a> {
    let bound = lowering.int(cursor, lowering.types().i32, bound);
    lowering.compare(cursor, Compare::Sgt, answer, bound)
}

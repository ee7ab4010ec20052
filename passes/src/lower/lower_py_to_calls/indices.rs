//! Subscripts by machine integers.
//!
//! The key of a subscript is an object, and where it is the box of an `i64`, the box is made for the subscript only. The
//! runtime takes the `i64` itself, and machine code finds the item of a list with it.
//!
//! ```mlir
//! // before
//! %k = py.box %i : i64
//! %r, %raised = py.load_subscr %c, %k at %s catch i1
//! py.decref %k
//! // after
//! %r = call @load_index(%c, %i) : (!llvm.ptr, i64) -> !llvm.ptr
//! ```

use super::{emit::Lowering, rows::answer_with};
use crate::{
    cfg::{Cfg, erase, name_of, op_key, operand_of},
    collections::HashSet,
    cursor::result_of,
    function::Function,
};
use melior::ir::{Operation, OperationRef, Value, ValueLike, operation::OperationLike};
use stepwell_abi as abi;
use stepwell_dialects::ir::{operations, uses};

/// The subscripts whose key is a machine integer, by the address of the op.
pub type Indices = HashSet<usize>;

/// Finds them, and takes away the boxes that nobody needs then.
pub fn find<'c, 'a>(function: &Function<'c, 'a>, cfg: &Cfg<'c, 'a>) -> Indices {
    let all = cfg.blocks.iter().flat_map(|block| operations(*block));
    let boxes: Vec<_> = all.filter(|op| is_box_of_index(function, *op)).collect();
    let mut indices = Indices::default();
    for op in boxes {
        unbox_keys(function, op, &mut indices);
    }
    indices
}

fn is_box_of_index(function: &Function, op: OperationRef) -> bool {
    name_of(op) == "py.box"
        && op.operand_count() == 1
        && operand_of(op, 0).is_some_and(|value| value.r#type() == function.types.i64)
}

/// What a user of the box does with it.
enum Use {
    Key,
    Count,
    /// The interpreter needs it where compiled code leaves.
    Exit,
    Other,
}

fn use_of(user: OperationRef, operand: usize) -> Use {
    match name_of(user) {
        "py.load_subscr" | "py.store_subscr" if operand == 1 => Use::Key,
        "py.decref" => Use::Count,
        "py.frame_state" => Use::Exit,
        _ => Use::Other,
    }
}

fn unbox_keys<'c, 'a>(
    function: &Function<'c, 'a>,
    made: OperationRef<'c, 'a>,
    indices: &mut Indices,
) {
    let users: Vec<_> = uses(result_of(made, 0))
        .into_iter()
        .map(|(user, operand)| (user, operand, use_of(user, operand)))
        .collect();
    let is_key = |kind: &Use| matches!(kind, Use::Key);
    let is_other = |kind: &Use| matches!(kind, Use::Other);
    let keys = users.iter().filter(|(_, _, kind)| is_key(kind)).count();
    if keys == 0 || users.iter().any(|(_, _, kind)| is_other(kind)) {
        return;
    }
    let Some(index) = operand_of(made, 0) else {
        return;
    };
    for (user, operand, kind) in users {
        match kind {
            Use::Key => {
                // It is an operand, so that it is replaced when what defines it is lowered.
                indices.insert(op_key(user));
                set_operand(user, operand, index);
            }
            Use::Count => erase(user),
            Use::Exit => {
                let copy = function.before(user).insert(Operation::clone(&made));
                set_operand(user, operand, result_of(copy, 0));
            }
            Use::Other => {}
        }
    }
    erase(made);
}

fn set_operand<'c, 'a>(op: OperationRef<'c, 'a>, index: usize, value: Value<'c, 'a>) {
    // SAFETY: the op is alive and has that operand.
    unsafe { mlir_sys::mlirOperationSetOperand(op.to_raw(), index as isize, value.to_raw()) }
}

/// Lowers a subscript by a machine integer.
pub fn lower<'c, 'a>(lowering: &mut Lowering<'c, 'a, '_>, op: OperationRef<'c, 'a>) -> bool {
    let index = operand_of(op, 1).filter(|_| lowering.indices.contains(&op_key(op)));
    let Some(index) = index else {
        return false;
    };
    let cursor = lowering.function.before(op);
    let objects = lowering.objects(op);
    let (helper, symbol, arguments, result) = match name_of(op) {
        "py.load_subscr" => (
            "load_index",
            "sw_load_index",
            vec![objects[0], index],
            lowering.types().ptr,
        ),
        _ => (
            "store_index",
            "sw_store_index",
            vec![objects[0], index, objects[1]],
            lowering.types().i32,
        ),
    };
    let row = abi::function(symbol).expect("the table has the subscripts");
    let answer = result_of(
        lowering.call_helper(&cursor, helper, &arguments, &[result]),
        0,
    );
    answer_with(lowering, &cursor, op, row, Some(answer));
    true
}

//! Numbers stored into slots of the frame.
//!
//! Native locals are boxed into their slots wherever Python code could look at them. What they held before is a box as
//! well, as a rule of the slot alone, which can hold the new number.
//!
//! ```mlir
//! // before
//! %b = py.box %i : i64
//! py.store_local 3 "i", %b at %s
//! // after
//! call @spill_int(%slot, %i) : (!llvm.ptr, i64) -> ()
//! ```

use crate::{
    cfg::{Cfg, erase, name_of, operand_of},
    cursor::result_of,
    function::Function,
    inspect::defined_by,
};
use melior::ir::{OperationRef, Value, ValueLike, operation::OperationLike};
use stepwell_dialects::ir::{operations, uses};

/// Makes the stores of boxes that are there for nothing else stores of their numbers.
pub fn find<'c, 'a>(function: &Function<'c, 'a>, cfg: &Cfg<'c, 'a>) {
    let all = cfg.blocks.iter().flat_map(|block| operations(*block));
    for store in all.filter(|op| name_of(*op) == "py.store_local") {
        if let Some((made, number)) = box_for_it(function, store) {
            // SAFETY: the store is alive and has that operand.
            unsafe { mlir_sys::mlirOperationSetOperand(store.to_raw(), 0, number.to_raw()) }
            erase(made);
        }
    }
}

/// The box that only this store takes, and the number in it.
fn box_for_it<'c, 'a>(
    function: &Function<'c, 'a>,
    store: OperationRef<'c, 'a>,
) -> Option<(OperationRef<'c, 'a>, Value<'c, 'a>)> {
    let made = defined_by(operand_of(store, 0)?, "py.box")?;
    let number = operand_of(made, 0).filter(|_| made.operand_count() == 1)?;
    let plain = [function.types.i64, function.types.f64].contains(&number.r#type());
    let alone = uses(result_of(made, 0)).len() == 1 && made.block() == store.block();
    (plain && alone && helper(function, number).is_some()).then_some((made, number))
}

/// The function that stores a number into a slot.
pub fn helper<'c>(function: &Function<'c, '_>, number: Value<'c, '_>) -> Option<&'static str> {
    match number.r#type() {
        native if native == function.types.i64 => Some("spill_int"),
        native if native == function.types.f64 => Some("spill_float"),
        _ => None,
    }
}

//! Steps of generators and coroutines.

use super::{
    emit::{Lowering, integer},
    frame::{stack_slot, write_state},
    rows::{arguments, finish},
};
use crate::{PassError, analysis::frame_state::frame_state, cfg::name_of, cursor::Cursor};
use melior::ir::{
    Attribute, Block, BlockRef, OperationRef, RegionLike, attribute::DenseI32ArrayAttribute,
    operation::OperationLike, r#type::IntegerType,
};
use stepwell_abi::{self as abi, layout};

/// Lowers an op of this family.
pub fn lower<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    op: OperationRef<'c, 'a>,
) -> Result<bool, PassError> {
    let cursor = lowering.function.before(op);
    match name_of(op) {
        "state.sent" => {
            let Some(sent) = lowering.sent else {
                return Err(lowering.function.bug("state.sent outside a step"));
            };
            lowering.replace(op, 0, sent);
        }
        "state.load_stack" => {
            let place = stack_slot(lowering, &cursor, integer(op, "index") as usize);
            let value = lowering.load(&cursor, lowering.types().ptr, place);
            lowering.replace(op, 0, value);
        }
        "state.return" => {
            let value = lowering.objects(op);
            cursor.op("func.return", &value, &[], &[]);
        }
        "state.suspend" => suspend(lowering, &cursor, op),
        "state.dispatch" => dispatch(lowering, &cursor, op),
        "py.send" => {
            let row = abi::function("sw_send").expect("the table has send");
            let objects = lowering.objects(op);
            let arguments = arguments(lowering, &cursor, op, row, &objects);
            finish(lowering, &cursor, op, row, &arguments);
        }
        "py.for_iter" => {
            let symbol = match op.has_attribute("holding") {
                true => "sw_for_iter_holding",
                false => "sw_for_iter",
            };
            let row = abi::function(symbol).expect("the table has iteration");
            let objects = lowering.objects(op);
            let arguments = arguments(lowering, &cursor, op, row, &objects);
            finish(lowering, &cursor, op, row, &arguments);
        }
        _ => return Ok(false),
    }
    Ok(true)
}

fn suspend<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
) {
    let Some(state) = frame_state(&lowering.types(), op) else {
        return;
    };
    write_state(lowering, cursor, state.offset, &state.stack);
    let state = layout::GEN_SUSPENDED + i64::from(op.attribute("delegating").is_ok());
    let state = lowering.int(cursor, IntegerType::new(cursor.context, 8).into(), state);
    let generator = lowering.before(cursor, lowering.frame, layout::GEN_FRAME);
    let place = lowering.at(cursor, generator, layout::GEN_STATE);
    lowering.store(cursor, state, place);
    let value = lowering.objects(op);
    cursor.op("func.return", &value, &[], &[]);
}

/// A switch on the offset of the frame's instruction. The step does not begin at any other.
fn dispatch<'c, 'a>(
    lowering: &Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
) {
    let types = lowering.types();
    let place = lowering.at(cursor, lowering.frame, layout::FRAME_INSTR_PTR);
    let here = lowering.load(cursor, types.ptr, place);
    let address = |value| cursor.value("llvm.ptrtoint", &[value], types.i64, &[]);
    let offset = cursor.value(
        "arith.subi",
        &[address(here), address(lowering.code)],
        types.i64,
        &[],
    );
    let offset = cursor.value("arith.trunci", &[offset], types.i32, &[]);
    let elsewhere = not_begun(lowering, op);
    let offsets = offsets(op);
    let mut targets = vec![elsewhere];
    targets.extend(op.successors());
    let values: Vec<String> = offsets.iter().map(i32::to_string).collect();
    let values = format!(
        "dense<[{}]> : vector<{}xi32>",
        values.join(", "),
        values.len()
    );
    let Some(values) = Attribute::parse(cursor.context, &values) else {
        return;
    };
    let attributes = [
        ("case_values", values),
        (
            "case_operand_segments",
            cursor.i32_array(&vec![0; offsets.len()]),
        ),
        ("operandSegmentSizes", cursor.i32_array(&[1, 0, 0])),
    ];
    cursor.branch("cf.switch", &[offset], &[], &attributes, &targets);
}

fn not_begun<'c, 'a>(
    lowering: &Lowering<'c, 'a, '_>,
    op: OperationRef<'c, 'a>,
) -> BlockRef<'c, 'a> {
    let block = lowering.function.region.append_block(Block::new(&[]));
    let cursor = lowering.function.at_end(block, op.location());
    let status = lowering.status(&cursor, abi::NOT_BEGUN);
    cursor.op("func.return", &[status], &[], &[]);
    block
}

fn offsets(op: OperationRef) -> Vec<i32> {
    let offsets = op.attribute("offsets").ok();
    let offsets = offsets.and_then(|offsets| DenseI32ArrayAttribute::try_from(offsets).ok());
    let Some(offsets) = offsets else {
        return Vec::new();
    };
    (0..offsets.len())
        .filter_map(|index| offsets.element(index).ok())
        .collect()
}

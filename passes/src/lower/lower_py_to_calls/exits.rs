//! Exits that say where their values are: each puts what it hands over into cells and jumps to the one place that calls the runtime.
//!
//! ```mlir
//! // before
//! ^exit:
//!   %t = py.frame_state 34 locals(%n) stack(%r) : (i64), (!py.object)
//!   py.exit %t "not an int of 64 bits" slots [2]
//! // after
//! ^exit:
//!   llvm.store %r, %cell_1 : !llvm.ptr, !llvm.ptr
//!   cf.br ^leave(%row : i32)
//! ^leave(%which: i32):
//!   %status = call @sw_exit(%tstate, %frame, %table, %which, %cells, %refs)
//!   func.return %status : !llvm.ptr
//! ```
//!
//! A value that many exits need is put into its cell where it is defined (here `%n`), so that the code of the exits
//! grows with the function and not with the number of its locals as well. An exit that raises writes the frame and sets
//! its exception on the spot.

mod cells;

use super::{
    emit::{Lowering, text},
    frame,
};
use crate::{
    analysis::{
        exit_source::{self, ExitSources, exit_sources},
        slots::defining_op,
    },
    cfg::{Cfg, erase, name_of, op_key},
    collections::IndexMap,
    cursor::Cursor,
    inspect::str_attribute,
    source::source_line,
};
use cells::Cells;
use melior::ir::{
    Block, BlockLike, BlockRef, OperationRef, RegionLike, Value, ValueLike,
    operation::OperationLike,
};
use stepwell_abi::{
    self as abi,
    exit_table::{Native, Source},
};
use stepwell_dialects::ir::{Types, has_uses};

/// Lowers all exits of a function. The objects they hand over have not been lowered yet.
pub fn lower<'c, 'a>(lowering: &mut Lowering<'c, 'a, '_>, cfg: &Cfg<'c, 'a>) {
    let function = lowering.function;
    let exits: Vec<_> = cfg
        .blocks
        .iter()
        .filter_map(|block| block.terminator())
        .filter(|op| name_of(*op) == "py.exit" && op.has_attribute("slots"))
        .filter_map(|op| Some((op, exit_sources(&function.types, op)?)))
        .collect();
    let Some((first, _)) = exits.first() else {
        return;
    };
    let location = first.location();
    let cells = Cells::new(&function.types, cfg, &exits);
    let base = cells.allocate(lowering, cfg);
    let mut leave = None;
    for (op, sources) in &exits {
        lower_exit(lowering, &cells, base, &mut leave, *op, sources);
    }
    if let Some(leave) = leave {
        call_runtime(lowering, &function.at_end(leave, location), leave, base);
    }
}

/// The place that exits go to, with the row of the table for its argument.
fn new_leave<'c, 'a>(lowering: &Lowering<'c, 'a, '_>, cursor: &Cursor<'c, 'a>) -> BlockRef<'c, 'a> {
    let which = (lowering.types().i32, cursor.location);
    let region = lowering.function.region;
    region.append_block(Block::new(&[which]))
}

/// Fills the place that exits go to.
fn call_runtime<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    leave: BlockRef<'c, 'a>,
    cells: Value<'c, 'a>,
) {
    let Ok(row) = leave.argument(0) else { return };
    let status = write_frame(lowering, cursor, row.into(), cells);
    cursor.op("func.return", &[status], &[], &[]);
}

/// Writes the interpreter's state into the frame as a row of the table says. The status to return.
fn write_frame<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    row: Value<'c, 'a>,
    cells: Value<'c, 'a>,
) -> Value<'c, 'a> {
    let table = lowering.global(cursor, "exits");
    let references = if lowering.tables.has_references() {
        lowering.global(cursor, "refs")
    } else {
        lowering.null(cursor)
    };
    let (tstate, frame) = (lowering.tstate, lowering.frame);
    let arguments = [tstate, frame, table, row, cells, references];
    let exit = abi::function("sw_exit").expect("the table has the exit");
    lowering
        .call(cursor, exit, &arguments)
        .expect("the exit has a status")
}

fn lower_exit<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cells: &Cells<'c, 'a>,
    base: Value<'c, 'a>,
    leave: &mut Option<BlockRef<'c, 'a>>,
    op: OperationRef<'c, 'a>,
    sources: &ExitSources<'c, 'a>,
) {
    let cursor = lowering.function.before(op);
    cells.fill(lowering, &cursor, base, sources);
    let row = write_row(lowering, cells, op, sources);
    let row = lowering.int(&cursor, lowering.types().i32, row as i64);
    match str_attribute(op, "raises") {
        None => {
            let leave = leave.get_or_insert_with(|| new_leave(lowering, &cursor));
            cursor.jump(*leave, &[row]);
        }
        Some(class) => {
            write_frame(lowering, &cursor, row, base);
            frame::leave_raising(lowering, &cursor, class, text(op, "reason"));
        }
    }
    let state = op.operands().next();
    erase(op);
    if let Some(state) = state.and_then(defining_op) {
        drop_description(state);
    }
}

/// Erases the state of an exit, and what was there only to say where its values are.
fn drop_description(state: OperationRef) {
    // A value can be there several times; its op goes once.
    let named: IndexMap<_, _> = state
        .operands()
        .filter_map(defining_op)
        .map(|op| (op_key(op), op))
        .collect();
    let is_unused = |op: OperationRef| op.results().all(|result| !has_uses(result.into()));
    if !is_unused(state) {
        return;
    }
    erase(state);
    named
        .into_values()
        .filter(|op| DESCRIPTIONS.contains(&name_of(*op)) && is_unused(*op))
        .for_each(erase);
}

const DESCRIPTIONS: [&str; 5] = [
    "py.load_local",
    "py.constant",
    "py.null",
    "py.box",
    "py.range_iterator",
];

fn write_row<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cells: &Cells<'c, 'a>,
    op: OperationRef<'c, 'a>,
    sources: &ExitSources<'c, 'a>,
) -> usize {
    let types = lowering.types();
    let mut source = |source: &exit_source::Source<'c, 'a>| match source {
        exit_source::Source::Null => Source::Null,
        exit_source::Source::Slot(slot) => Source::Slot(*slot as u32),
        exit_source::Source::Constant(index) => {
            Source::Constant(lowering.tables.reference(format!("const {index}")) as u32)
        }
        exit_source::Source::Value(value) => match native(&types, *value) {
            Some(native) => Source::Native(native, cells.place(*value)),
            None => Source::Object(cells.number(*value)),
        },
        exit_source::Source::BoxIf(value, bound) => {
            let native = native(&types, *value).unwrap_or(Native::Int);
            Source::NativeIf(native, cells.place(*value), cells.place(*bound))
        }
        exit_source::Source::Range(values) => Source::Range(values.map(|value| cells.place(value))),
    };
    let mut locals: Vec<_> = sources
        .locals
        .iter()
        .map(|(slot, found)| (*slot as u32, source(found)))
        .collect();
    locals.sort_by_key(|(slot, _)| *slot);
    let stack: Vec<_> = sources.stack.iter().map(source).collect();
    let line = source_line(op.location());
    let (offset, reason) = (sources.offset, text(op, "reason"));
    lowering
        .tables
        .exit_row(offset, line, reason, &locals, &stack)
}

fn native<'c>(types: &Types<'c>, value: Value<'c, '_>) -> Option<Native> {
    match value.r#type() {
        native if native == types.i64 => Some(Native::Int),
        native if native == types.f64 => Some(Native::Float),
        native if native == types.i1 => Some(Native::Bool),
        native if native == types.complex => Some(Native::Complex),
        _ => None,
    }
}

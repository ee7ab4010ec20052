//! Where exits hand their values over: an array on the stack of the machine.
//!
//! A value is put into its cell by each exit that needs it, or, when there are many of those or the value is computed
//! once in a call, where it is defined.

use super::super::emit::{Lowering, type_attribute};
use crate::{
    analysis::{
        exit_source::{ExitSources, Source},
        slots::defining_op,
    },
    cfg::{Cfg, name_of, owner_block, value_key},
    collections::{HashSet, IndexMap},
    cursor::Cursor,
};
use melior::ir::{
    BlockLike, BlockRef, OperationRef, Value, ValueLike,
    attribute::{FloatAttribute, IntegerAttribute},
    operation::OperationLike,
};
use stepwell_abi::{exit_table::Place, layout};
use stepwell_dialects::ir::Types;

/// A value that more exits need is kept in its cell, even in a loop.
const SHARED_IN_LOOP: usize = 16;
/// The same for a value that is computed once in a call.
const SHARED: usize = 2;

/// The cells of a function.
pub struct Cells<'c, 'a> {
    types: Types<'c>,
    cells: IndexMap<usize, Cell<'c, 'a>>,
    count: u32,
}

struct Cell<'c, 'a> {
    value: Value<'c, 'a>,
    number: u32,
    /// How many exits need the value.
    exits: usize,
    /// Whether the value is kept in the cell from its definition on.
    is_kept: bool,
}

impl<'c, 'a> Cells<'c, 'a> {
    /// Gives each value that an exit hands over a cell.
    pub fn new(
        types: &Types<'c>,
        cfg: &Cfg<'c, 'a>,
        exits: &[(OperationRef<'c, 'a>, ExitSources<'c, 'a>)],
    ) -> Self {
        let mut this = Self {
            types: *types,
            cells: IndexMap::default(),
            count: 0,
        };
        for (_, sources) in exits {
            for value in handed_over(sources) {
                this.count(value);
            }
        }
        let repeated = cfg.repeated();
        for cell in this.cells.values_mut() {
            let home = home(cell.value).and_then(|home| cfg.place(home));
            let is_repeated = home.is_none_or(|home| repeated[home]);
            let limit = if is_repeated { SHARED_IN_LOOP } else { SHARED };
            cell.is_kept = cell.exits >= limit;
        }
        this
    }

    fn count(&mut self, value: Value<'c, 'a>) {
        let size = if value.r#type() == self.types.complex {
            2
        } else {
            1
        };
        let number = self.count;
        let cell = self.cells.entry(value_key(value)).or_insert_with(|| {
            self.count += size;
            Cell {
                value,
                number,
                exits: 0,
                is_kept: false,
            }
        });
        cell.exits += 1;
    }

    /// The number of the cell of a value.
    pub fn number(&self, value: Value) -> u32 {
        self.cells
            .get(&value_key(value))
            .map_or(0, |cell| cell.number)
    }

    /// Where the runtime finds a native value.
    pub fn place(&self, value: Value<'c, 'a>) -> Place {
        match constant_bits(value) {
            Some(bits) => Place::Bits(bits),
            None => Place::Cell(self.number(value)),
        }
    }

    /// Makes the array, and fills the cells of the values that are kept there.
    pub fn allocate(&self, lowering: &Lowering<'c, 'a, '_>, cfg: &Cfg<'c, 'a>) -> Value<'c, 'a> {
        let function = lowering.function;
        let start = function.at_start(cfg.blocks[0], function.op.location());
        let size = lowering.int(&start, self.types.i64, i64::from(self.count.max(1)));
        let element = ("elem_type", type_attribute(self.types.i64));
        let base = start.value("llvm.alloca", &[size], self.types.ptr, &[element]);
        for cell in self.cells.values().filter(|cell| cell.is_kept) {
            let cursor = match defining_op(cell.value) {
                Some(op) => function.after(op),
                None => start_of(lowering, owner_block(cell.value)),
            };
            self.store(lowering, &cursor, base, cell);
        }
        base
    }

    /// Fills the cells of the values that only this exit and few others need.
    pub fn fill(
        &self,
        lowering: &Lowering<'c, 'a, '_>,
        cursor: &Cursor<'c, 'a>,
        base: Value<'c, 'a>,
        sources: &ExitSources<'c, 'a>,
    ) {
        for value in handed_over(sources) {
            let cell = self.cells.get(&value_key(value));
            if let Some(cell) = cell.filter(|cell| !cell.is_kept) {
                self.store(lowering, cursor, base, cell);
            }
        }
    }

    fn store(
        &self,
        lowering: &Lowering<'c, 'a, '_>,
        cursor: &Cursor<'c, 'a>,
        base: Value<'c, 'a>,
        cell: &Cell<'c, 'a>,
    ) {
        let types = self.types;
        let put = |value, number: u32| {
            let place = lowering.at(cursor, base, number as usize * layout::SLOT);
            lowering.store(cursor, value, place);
        };
        let value = cell.value;
        if value.r#type() == types.complex {
            put(
                cursor.value("complex.re", &[value], types.f64, &[]),
                cell.number,
            );
            put(
                cursor.value("complex.im", &[value], types.f64, &[]),
                cell.number + 1,
            );
        } else if value.r#type() == types.i1 {
            put(
                cursor.value("arith.extui", &[value], types.i64, &[]),
                cell.number,
            );
        } else {
            put(value, cell.number);
        }
    }
}

/// Behind what a handler and a block that adds a traceback entry begin with.
fn start_of<'c, 'a>(lowering: &Lowering<'c, 'a, '_>, block: BlockRef<'c, 'a>) -> Cursor<'c, 'a> {
    let first = |op: &OperationRef| matches!(name_of(*op), "py.fetch_exception" | "py.traceback");
    match block.first_operation().filter(first) {
        Some(op) => lowering.function.after(op),
        None => lowering
            .function
            .at_start(block, lowering.function.op.location()),
    }
}

/// The values that an exit needs cells for, each once.
fn handed_over<'c, 'a>(sources: &ExitSources<'c, 'a>) -> Vec<Value<'c, 'a>> {
    let locals = sources.locals.iter().map(|(_, source)| source);
    let mut seen = HashSet::default();
    locals
        .chain(&sources.stack)
        .flat_map(|source| match *source {
            Source::Null | Source::Slot(_) | Source::Constant(_) => Vec::new(),
            Source::Value(value) => vec![value],
            Source::BoxIf(value, bound) => vec![value, bound],
            Source::Range(values) => values.to_vec(),
        })
        .filter(|value| constant_bits(*value).is_none() && seen.insert(value_key(*value)))
        .collect()
}

/// The bits of a constant of one word.
fn constant_bits(value: Value) -> Option<u64> {
    let op = defining_op(value).filter(|op| name_of(*op) == "arith.constant")?;
    let constant = op.attribute("value").ok()?;
    if let Ok(number) = IntegerAttribute::try_from(constant) {
        return Some(number.value() as u64);
    }
    let number = FloatAttribute::try_from(constant).ok()?;
    Some(number.value().to_bits())
}

fn home<'c, 'a>(value: Value<'c, 'a>) -> Option<BlockRef<'c, 'a>> {
    match defining_op(value) {
        Some(op) => op.block(),
        None => Some(owner_block(value)),
    }
}

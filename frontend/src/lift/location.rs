//! Source locations.

use crate::bytecode::{Instruction, Opcode, Position};
use crate::program::Program;
use melior::Context;
use melior::ir::{Location, Type};

/// Makes the locations of a function's ops. Columns count from 1, as in MLIR; 0 says that there is none.
#[derive(Clone, Copy)]
pub(super) struct Locations<'c, 'a> {
    context: &'c Context,
    program: &'a Program<'a>,
}

impl<'c, 'a> Locations<'c, 'a> {
    pub(super) fn new(context: &'c Context, program: &'a Program<'a>) -> Self {
        Self { context, program }
    }

    /// Where an instruction comes from. One that the compiler added belongs to the line of the `def`.
    pub(super) fn of(&self, instruction: &Instruction) -> Location<'c> {
        let code = self.program.code();
        let file = code.file_basename();
        let Position {
            line,
            end_line,
            column,
            end_column,
        } = instruction.position;
        let line = line.unwrap_or(code.firstlineno) as usize;
        match (column, end_line, end_column) {
            (Some(column), Some(end_line), Some(end_column)) => Location::file_line_col_range(
                self.context,
                file,
                line,
                column as usize + 1,
                end_line as usize,
                end_column as usize + 1,
            ),
            _ => Location::new(self.context, file, line, 0),
        }
    }

    /// Where an instruction comes from, with the name of the local that its result goes into next.
    pub(super) fn of_result(&self, index: usize) -> Location<'c> {
        let instructions = self.program.instructions();
        let location = self.of(&instructions[index]);
        let slot = instructions.get(index + 1).and_then(stored_slot);
        match slot {
            Some(slot) => self.named(slot, location),
            None => location,
        }
    }

    /// A location with the name of a slot.
    pub(super) fn named(&self, slot: usize, location: Location<'c>) -> Location<'c> {
        Location::name(
            self.context,
            &self.program.code().slots[slot].name,
            location,
        )
    }

    /// The arguments of a function: so many of the first slots.
    pub(super) fn parameters(
        &self,
        count: usize,
        object: Type<'c>,
    ) -> Vec<(Type<'c>, Location<'c>)> {
        let location = self.definition();
        (0..count)
            .map(|slot| (object, self.named(slot, location)))
            .collect()
    }

    /// The line of the `def`.
    pub(super) fn definition(&self) -> Location<'c> {
        let code = self.program.code();
        Location::new(
            self.context,
            code.file_basename(),
            code.firstlineno as usize,
            0,
        )
    }
}

/// The slot that gets the top of the stack.
fn stored_slot(instruction: &Instruction) -> Option<usize> {
    let oparg = instruction.oparg as usize;
    match instruction.opcode() {
        Opcode::StoreFast => Some(oparg),
        Opcode::StoreFastLoadFast | Opcode::StoreFastStoreFast => Some(oparg >> 4),
        _ => None,
    }
}

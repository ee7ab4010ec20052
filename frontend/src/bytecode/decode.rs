//! `co_code`: instructions with their arguments, inline caches skipped.

use super::table::{Flow, Operand, Row, Table};
use super::{Opcode, Position};
use crate::error::{FrontendError, Part};

/// The size of a code unit in bytes: an opcode and eight bits of argument.
const UNIT: u32 = 2;

/// One instruction with all its prefixes. Offsets are in bytes.
#[derive(Clone, Copy, Debug)]
pub struct Instruction {
    /// Where its first `EXTENDED_ARG` is, or itself: where jumps go and where an interpreter resumes.
    pub start: u32,
    /// Where the instruction itself is: what handlers and tracebacks go by.
    pub offset: u32,
    /// Where the next instruction begins, behind the inline cache.
    pub next: u32,
    /// The argument; 0 if there is none.
    pub oparg: u32,
    /// What is known of the opcode.
    pub row: &'static Row,
    /// Where it comes from in the source.
    pub position: Position,
}

impl Instruction {
    /// The operation.
    pub fn opcode(&self) -> Opcode {
        self.row.opcode
    }

    /// Where a jump goes; `None` for instructions that do not jump, and for targets in front of the code.
    pub fn target(&self) -> Option<u32> {
        let distance = self.oparg.checked_mul(UNIT)?;
        let target = match self.row.operand {
            Operand::Forward => self.next.checked_add(distance)?,
            Operand::Backward => self.next.checked_sub(distance)?,
            _ => return None,
        };
        match self.row.flow {
            Flow::Iterate => target.checked_add(2 * UNIT),
            _ => Some(target),
        }
    }
}

/// Decodes the bytecode of a code object whose line table gave `positions`, one for each code unit.
///
/// # Errors
///
/// The code does not consist of whole code units, an opcode is not in the table, an instruction's cache lies outside
/// the code, a prefix has nothing to extend, or an argument exceeds 32 bits.
pub fn decode(
    code: &[u8],
    positions: &[Position],
    table: &'static Table,
) -> Result<Vec<Instruction>, FrontendError> {
    let (units, rest) = code.as_chunks::<{ UNIT as usize }>();
    if !rest.is_empty() {
        return Err(corrupt(code.len(), "half a code unit at the end"));
    }
    let mut instructions = Vec::with_capacity(units.len());
    let mut at = 0;
    while at < units.len() {
        let instruction = instruction(units, at, positions, table)?;
        at = (instruction.next / UNIT) as usize;
        instructions.push(instruction);
    }
    Ok(instructions)
}

fn instruction(
    units: &[[u8; 2]],
    first: usize,
    positions: &[Position],
    table: &'static Table,
) -> Result<Instruction, FrontendError> {
    let mut at = first;
    let mut oparg = 0u32;
    loop {
        let offset = at * UNIT as usize;
        let &[number, low] = units
            .get(at)
            .ok_or_else(|| corrupt(offset, "a prefix has no instruction"))?;
        let row = table
            .row(number)
            .ok_or_else(|| corrupt(offset, format!("unknown opcode {number}")))?;
        oparg = oparg
            .checked_mul(256)
            .ok_or_else(|| corrupt(offset, "the argument exceeds 32 bits"))?
            | u32::from(low);
        if row.opcode != Opcode::ExtendedArg {
            return finish(units, first, at, oparg, row, positions);
        }
        at += 1;
    }
}

fn finish(
    units: &[[u8; 2]],
    first: usize,
    at: usize,
    oparg: u32,
    row: &'static Row,
    positions: &[Position],
) -> Result<Instruction, FrontendError> {
    let next = at + 1 + usize::from(row.caches);
    if next > units.len() {
        return Err(corrupt(at * UNIT as usize, "the inline cache is cut off"));
    }
    let offset = |unit: usize| {
        u32::try_from(unit)
            .ok()
            .and_then(|unit| unit.checked_mul(UNIT))
            .ok_or_else(|| corrupt(unit, "the code is too long"))
    };
    Ok(Instruction {
        start: offset(first)?,
        offset: offset(at)?,
        next: offset(next)?,
        oparg: if row.operand == Operand::None {
            0
        } else {
            oparg
        },
        row,
        position: positions.get(at).copied().unwrap_or_default(),
    })
}

fn corrupt(offset: usize, reason: impl Into<String>) -> FrontendError {
    FrontendError::corrupt(Part::Bytecode, offset, reason)
}

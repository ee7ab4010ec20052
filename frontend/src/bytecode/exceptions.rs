//! `co_exceptiontable`: which handler covers which instructions.

use super::varint::Reader;
use crate::error::{FrontendError, Part};

/// The handler of a range of instructions. Offsets are in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handler {
    /// The first byte covered.
    pub start: u32,
    /// The first byte no longer covered.
    pub end: u32,
    /// The handler's first instruction.
    pub target: u32,
    /// How many stack entries the handler keeps.
    pub depth: u32,
    /// Whether the number of the failing instruction is pushed before the exception.
    pub lasti: bool,
}

impl Handler {
    /// The depth of the stack at the handler's first instruction.
    pub fn entry_depth(&self) -> u32 {
        self.depth
            .saturating_add(u32::from(self.lasti))
            .saturating_add(1)
    }
}

/// Decodes an exception table for bytecode of `code_length` bytes.
///
/// # Errors
///
/// The table ends inside an entry, an entry lies outside the bytecode or is empty, or entries overlap or are not in
/// the order of the code.
pub fn decode_exception_table(
    table: &[u8],
    code_length: usize,
) -> Result<Vec<Handler>, FrontendError> {
    let mut reader = Reader::new(table);
    let mut handlers = Vec::new();
    let mut covered = 0u32;
    while !reader.is_empty() {
        let at = reader.position();
        let error = |reason| FrontendError::corrupt(Part::ExceptionTable, at, reason);
        let handler =
            entry(&mut reader).ok_or_else(|| error("the entry is cut off or too large"))?;
        if handler.start >= handler.end
            || handler.end as usize > code_length
            || handler.target as usize >= code_length
        {
            return Err(error("the entry lies outside the bytecode"));
        }
        if handler.start < covered {
            return Err(error("the entry overlaps the one before it"));
        }
        covered = handler.end;
        handlers.push(handler);
    }
    Ok(handlers)
}

fn entry(reader: &mut Reader<'_>) -> Option<Handler> {
    let start = reader.big_endian()?.checked_mul(2)?;
    let size = reader.big_endian()?.checked_mul(2)?;
    let target = reader.big_endian()?.checked_mul(2)?;
    let depth_and_lasti = reader.big_endian()?;
    Some(Handler {
        start,
        end: start.checked_add(size)?,
        target,
        depth: depth_and_lasti >> 1,
        lasti: depth_and_lasti & 1 == 1,
    })
}

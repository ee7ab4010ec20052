//! `co_linetable`: where in the source each code unit comes from.

use super::varint::Reader;
use crate::error::{FrontendError, Part};

/// A range of source text. What the table does not tell is `None`. Columns are bytes from 0, as in `co_positions`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// The first line.
    pub line: Option<u32>,
    /// The last line.
    pub end_line: Option<u32>,
    /// The first column.
    pub column: Option<u32>,
    /// The column after the last one.
    pub end_column: Option<u32>,
}

/// Decodes a line table into one position for each of `units` code units (of two bytes).
///
/// # Errors
///
/// The table ends inside an entry, speaks of more or fewer units than there are, or leaves the range of line numbers.
pub fn decode_line_table(
    table: &[u8],
    first_line: u32,
    units: usize,
) -> Result<Vec<Position>, FrontendError> {
    let mut reader = Reader::new(table);
    let mut line = i64::from(first_line);
    let mut positions = Vec::new();
    while !reader.is_empty() {
        let at = reader.position();
        let error = |reason| FrontendError::corrupt(Part::LineTable, at, reason);
        let (length, position) = entry(&mut reader, &mut line)
            .ok_or_else(|| error("the entry is cut off or malformed"))?;
        if positions.len() + length > units {
            return Err(error("the table speaks of more code than there is"));
        }
        positions.extend(std::iter::repeat_n(position, length));
    }
    if positions.len() < units {
        let reason = format!("the table ends at code unit {} of {units}", positions.len());
        return Err(FrontendError::corrupt(Part::LineTable, table.len(), reason));
    }
    Ok(positions)
}

/// One entry: the number of code units and their position.
fn entry(reader: &mut Reader<'_>, line: &mut i64) -> Option<(usize, Position)> {
    let first = reader.byte()?;
    if first & 0x80 == 0 {
        return None;
    }
    let length = usize::from(first & 7) + 1;
    let position = match (first >> 3) & 15 {
        kind @ 0..=9 => short(reader, *line, kind)?,
        kind @ 10..=12 => {
            *line += i64::from(kind - 10);
            let column = u32::from(reader.byte()?);
            let end_column = u32::from(reader.byte()?);
            on_line(*line, Some(column), Some(end_column))?
        }
        13 => {
            *line += reader.signed()?;
            on_line(*line, None, None)?
        }
        14 => long(reader, line)?,
        _ => Position::default(),
    };
    Some((length, position))
}

/// Two bytes: a column below 80 and a width below 16, on the line of the entry before.
fn short(reader: &mut Reader<'_>, line: i64, kind: u8) -> Option<Position> {
    let second = reader.byte()?;
    if second & 0x80 != 0 {
        return None;
    }
    let column = u32::from(kind) * 8 + u32::from(second >> 4);
    on_line(line, Some(column), Some(column + u32::from(second & 15)))
}

/// Everything in full; columns are one too large, so that 0 says that there is none.
fn long(reader: &mut Reader<'_>, line: &mut i64) -> Option<Position> {
    *line += reader.signed()?;
    let end_line = line.checked_add(i64::from(reader.little_endian()?))?;
    let column = reader.little_endian()?.checked_sub(1);
    let end_column = reader.little_endian()?.checked_sub(1);
    Some(Position {
        line: Some(u32::try_from(*line).ok()?),
        end_line: Some(u32::try_from(end_line).ok()?),
        column,
        end_column,
    })
}

fn on_line(line: i64, column: Option<u32>, end_column: Option<u32>) -> Option<Position> {
    let line = u32::try_from(line).ok()?;
    Some(Position {
        line: Some(line),
        end_line: Some(line),
        column,
        end_column,
    })
}

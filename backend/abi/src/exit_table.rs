//! The table of exits: how machine code tells the runtime where it keeps the values of a frame that it leaves.
//!
//! Machine code that leaves calls `sw_exit` with the number of a row and its *cells*, an array of 64-bit words that
//! holds native values and objects. The row says what goes where:
//!
//! ```text
//! table  its length, then rows and lists
//! row    number of the exit, bytecode offset, list of locals, length of the stack, a source for each place of it
//! list   parent list or 0, number of slots, and for each: the slot, a source
//! ```
//!
//! A list of locals says what is different from its parent, since two exits in a row differ in few locals: a table grows
//! with the function and not with the number of its locals as well. Everything is a word of 32 bits, in a constant of
//! the module.

mod reader;
mod source;
mod writer;

pub use reader::{Reader, Row};
pub use source::{Native, Place, Source};
pub use writer::Writer;

/// Where the length of the table is, there is no list.
const NO_PARENT: i32 = 0;

#[cfg(test)]
mod tests {
    use super::*;

    fn written(rows: &[Row]) -> (Vec<i32>, Vec<usize>) {
        let mut writer = Writer::default();
        let places = rows
            .iter()
            .map(|row| writer.row(row.number, row.offset, &row.locals, &row.stack))
            .collect();
        (writer.finish(), places)
    }

    fn row(number: u32, locals: Vec<(u32, Source)>, stack: Vec<Source>) -> Row {
        Row {
            number,
            offset: 10 * number,
            locals,
            stack,
        }
    }

    #[test]
    fn rows_are_read_back() {
        let int = |cell| Source::Native(Native::Int, Place::Cell(cell));
        let all = vec![
            Source::Null,
            Source::Slot(3),
            Source::Constant(4),
            Source::Object(5),
            Source::Native(Native::Float, Place::Bits(1.5f64.to_bits())),
            Source::Native(Native::Complex, Place::Cell(7)),
            Source::NativeIf(Native::Bool, Place::Cell(8), Place::Cell(9)),
            Source::Range([Place::Cell(1), Place::Bits(u64::MAX), Place::Cell(2)]),
        ];
        let rows = [
            row(0, vec![(1, int(0)), (2, int(1))], all),
            row(1, vec![(1, int(0)), (2, int(5)), (4, int(2))], Vec::new()),
            row(2, vec![(4, int(2))], vec![Source::Null]),
            row(3, Vec::new(), Vec::new()),
        ];
        let (words, places) = written(&rows);
        for (expected, place) in rows.iter().zip(places) {
            let mut found = Reader::new(&words).row(place);
            found.locals.sort_by_key(|(slot, _)| *slot);
            assert_eq!(found, *expected);
        }
    }

    #[test]
    fn a_table_grows_with_what_changes() {
        let locals = 400u32;
        let value = |exit, slot| if slot < exit { slot } else { slot + locals };
        let rows: Vec<_> = (0..locals)
            .map(|exit| {
                let list = (0..locals).map(|slot| (slot, Source::Object(value(exit, slot))));
                row(exit, list.collect(), Vec::new())
            })
            .collect();
        let (words, places) = written(&rows);
        assert!(words.len() < 60 * locals as usize, "{} words", words.len());
        let last = Reader::new(&words).row(places[locals as usize - 1]);
        assert_eq!(last.locals.len(), locals as usize);
    }
}

//! Reading a table.

use super::{NO_PARENT, Source};

/// A table of exits.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    words: &'a [i32],
}

/// A row of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The number of the exit, by which exits are counted.
    pub number: u32,
    /// The bytecode offset of the instruction that the interpreter goes on with.
    pub offset: u32,
    /// The locals that have to be written, each once, in no particular order.
    pub locals: Vec<(u32, Source)>,
    /// The evaluation stack, bottom first.
    pub stack: Vec<Source>,
}

impl<'a> Reader<'a> {
    /// A table in a slice.
    pub fn new(words: &'a [i32]) -> Self {
        Self { words }
    }

    /// A table in machine code.
    ///
    /// # Safety
    /// `table` points to a table that a [`Writer`](super::Writer) has made and that outlives the reader.
    pub unsafe fn from_raw(table: *const i32) -> Self {
        // SAFETY: a table begins with its length.
        Self::new(unsafe { std::slice::from_raw_parts(table, *table as usize) })
    }

    /// The row at a place that the writer gave.
    pub fn row(self, place: usize) -> Row {
        let mut words = self.at(place);
        let mut next = || words.next().unwrap_or_default();
        let (number, offset, list, depth) = (next(), next(), next(), next());
        Row {
            number: number as u32,
            offset: offset as u32,
            locals: self.locals(list),
            stack: (0..depth).map(|_| Source::read(&mut words)).collect(),
        }
    }

    /// What a list says about a slot hides what its parents say.
    fn locals(self, mut list: i32) -> Vec<(u32, Source)> {
        let mut known = Vec::new();
        let mut locals: Vec<(u32, Source)> = Vec::new();
        while list != NO_PARENT {
            let mut words = self.at(list as usize);
            list = words.next().unwrap_or(NO_PARENT);
            let count = words.next().unwrap_or_default();
            for _ in 0..count {
                let slot = words.next().unwrap_or_default() as usize;
                let source = Source::read(&mut words);
                if known.len() <= slot {
                    known.resize(slot + 1, false);
                }
                if !std::mem::replace(&mut known[slot], true) && source != Source::Keep {
                    locals.push((slot as u32, source));
                }
            }
        }
        locals
    }

    fn at(self, place: usize) -> impl Iterator<Item = i32> + 'a {
        self.words.get(place..).unwrap_or_default().iter().copied()
    }
}

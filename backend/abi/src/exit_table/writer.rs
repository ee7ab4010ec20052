//! Making a table.

use super::{NO_PARENT, Source};
use std::collections::HashMap;

/// How many lists may hang on each other; then one is written in full. It bounds how much an exit has to read.
const CHAIN: usize = 32;

/// What each slot of a list gets, by slot.
type Locals = Vec<(u32, Source)>;

/// Collects the rows of a table.
#[derive(Debug)]
pub struct Writer {
    /// The first is for the length.
    words: Vec<i32>,
    /// The place of each list that has been written.
    lists: HashMap<Locals, i32>,
    last: Option<List>,
}

#[derive(Debug)]
struct List {
    place: i32,
    locals: Locals,
    depth: usize,
}

impl Default for Writer {
    fn default() -> Self {
        Self {
            words: vec![0],
            lists: HashMap::new(),
            last: None,
        }
    }
}

impl Writer {
    /// Adds a row and returns its place. `locals` has at most one source for a slot, and the slots ascend.
    pub fn row(
        &mut self,
        number: u32,
        offset: u32,
        locals: &[(u32, Source)],
        stack: &[Source],
    ) -> usize {
        let list = self.list(locals);
        let place = self.words.len();
        let head = [number as i32, offset as i32, list, stack.len() as i32];
        self.words.extend(head);
        stack
            .iter()
            .for_each(|source| source.write(&mut self.words));
        place
    }

    /// The table; empty when it has no rows.
    pub fn finish(&self) -> Vec<i32> {
        match &self.words[..] {
            [_] => Vec::new(),
            [_, rest @ ..] => std::iter::once(self.words.len() as i32)
                .chain(rest.iter().copied())
                .collect(),
            [] => Vec::new(),
        }
    }

    fn list(&mut self, locals: &[(u32, Source)]) -> i32 {
        if let Some(place) = self.lists.get(locals) {
            return *place;
        }
        let (parent, entries, depth) = match &self.last {
            Some(last) if last.depth < CHAIN => {
                let changes = changes(&last.locals, locals);
                if changes.len() < locals.len() {
                    (last.place, changes, last.depth + 1)
                } else {
                    (NO_PARENT, locals.to_vec(), 0)
                }
            }
            _ => (NO_PARENT, locals.to_vec(), 0),
        };
        let place = self.words.len() as i32;
        self.words.extend([parent, entries.len() as i32]);
        for (slot, source) in entries {
            self.words.push(slot as i32);
            source.write(&mut self.words);
        }
        self.lists.insert(locals.to_vec(), place);
        self.last = Some(List {
            place,
            locals: locals.to_vec(),
            depth,
        });
        place
    }
}

/// What to say about `new` to somebody who knows `old`.
fn changes(old: &[(u32, Source)], new: &[(u32, Source)]) -> Locals {
    let (mut old, mut new) = (
        old.iter().copied().peekable(),
        new.iter().copied().peekable(),
    );
    let mut changes = Vec::new();
    loop {
        match (old.peek().copied(), new.peek().copied()) {
            (None, None) => return changes,
            (Some((gone, _)), other) if other.is_none_or(|(slot, _)| gone < slot) => {
                changes.push((gone, Source::Keep));
                old.next();
            }
            (before, Some(entry)) => {
                if before != Some(entry) {
                    changes.push(entry);
                }
                old.next_if(|(slot, _)| *slot == entry.0);
                new.next();
            }
            (Some(_), None) => old.by_ref().for_each(drop),
        }
    }
}

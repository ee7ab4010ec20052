//! The table of runtime functions, by family.
//!
//! Every function has exactly one row. The runtime has a body for each row whose name begins with `sw_`; the others are
//! CPython's own, where one does exactly what an opcode needs.

mod arrays;
mod calls;
mod containers;
mod control;
mod frames;
mod generators;
mod modes;
mod names;
mod numbers;
mod operators;

use crate::Function;

/// The families with their rows, in the order of the reference page.
pub fn families() -> [(&'static str, &'static [Function]); 10] {
    [
        ("arrays", arrays::ROWS),
        ("calls", calls::ROWS),
        ("containers", containers::ROWS),
        ("control", control::ROWS),
        ("frames", frames::ROWS),
        ("generators", generators::ROWS),
        ("modes", modes::ROWS),
        ("names", names::ROWS),
        ("numbers", numbers::ROWS),
        ("operators", operators::ROWS),
    ]
}

/// All rows.
pub fn functions() -> impl Iterator<Item = &'static Function> {
    families().into_iter().flat_map(|(_, rows)| rows)
}

/// The row of a symbol.
pub fn function(symbol: &str) -> Option<&'static Function> {
    functions().find(|row| row.symbol == symbol)
}

/// The function of a BINARY_OP by its number; `None` beyond the 26.
pub fn binary(kind: usize) -> Option<&'static Function> {
    operators::BINARY.get(kind)
}

/// The function of a unary operator: 0 is `-`, 1 is `~`.
pub fn unary(kind: usize) -> Option<&'static Function> {
    operators::UNARY.get(kind)
}

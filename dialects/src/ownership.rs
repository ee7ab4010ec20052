//! What each op does to references and to control, as data.

use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// Whether an op hands out references that the receiver owns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ownership {
    /// The receiver must give the reference away or drop it.
    New,
    /// Something else keeps the object alive.
    Borrowed,
}

/// One row of the table: an op of `py`, `num` or `state`.
#[derive(Clone, Copy, Debug)]
pub struct OpInfo {
    /// Full name, `py.binary`.
    pub name: &'static str,
    /// The op can set a Python exception.
    pub raises: bool,
    /// The op may run arbitrary Python code.
    pub observes: bool,
    /// The op may leave compiled code at its frame state.
    pub exits: bool,
    /// Indices in `operands` (before variadic expansion) whose reference the op takes over.
    pub steals: &'static [usize],
    /// Who owns the object results.
    pub results: Ownership,
    /// An object result can be null although the op succeeded.
    pub nullable: bool,
    /// The op itself decides whether its failure adds a traceback entry.
    pub traces: bool,
    /// How many results the op has beside `raised`, a variadic one counted once.
    pub fixed_results: usize,
}

/// Every op, sorted by name.
pub const OPS: &[OpInfo] = include!(concat!(env!("OUT_DIR"), "/ownership.rs"));

/// The row of an op, or `None` for an op of another dialect.
pub fn op_info(name: &str) -> Option<&'static OpInfo> {
    static BY_NAME: LazyLock<FxHashMap<&str, &OpInfo>> =
        LazyLock::new(|| OPS.iter().map(|row| (row.name, row)).collect());
    BY_NAME.get(name).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_by_name() {
        let row = op_info("py.store_local").expect("a row");
        assert_eq!(row.steals, [0]);
        assert!(row.observes && !row.raises);
        assert!(op_info("arith.addi").is_none());
    }
}

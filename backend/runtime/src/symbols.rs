//! The addresses behind the table of runtime functions.
//!
//! A symbol remembers the machine types of its function, as the Rust compiler sees them, so that a test can hold the
//! table to them.

use crate::ops;
use stepwell_abi::Type;

/// A function or a variable that compiled code refers to by name.
#[derive(Clone, Debug)]
pub struct Symbol {
    /// Its name.
    pub name: &'static str,
    /// Its address.
    pub address: usize,
    /// The types of the parameters and of the result, for a function.
    pub signature: Option<(Vec<Type>, Type)>,
}

/// All symbols: every row of [`stepwell_abi::functions`], and every name of [`stepwell_abi::data`].
pub fn symbols() -> Vec<Symbol> {
    let mut all = ops::symbols();
    all.extend(crate::interpreter::functions());
    all.extend(crate::interpreter::data());
    all
}

/// A type that is passed in a register.
pub(crate) trait Machine {
    const TYPE: Type;
}

macro_rules! machine {
    ($($rust:ty => $machine:ident),*) => { $(impl Machine for $rust { const TYPE: Type = Type::$machine; })* };
}

machine!(() => Void, i64 => I64, i32 => I32, f64 => F64);

impl<T> Machine for *mut T {
    const TYPE: Type = Type::Ptr;
}

impl<T> Machine for *const T {
    const TYPE: Type = Type::Ptr;
}

/// A function of the C calling convention.
pub(crate) trait External {
    fn address(self) -> usize;
    fn signature() -> (Vec<Type>, Type);
}

macro_rules! external {
    ($($param:ident)*) => {
        impl<R: Machine, $($param: Machine),*> External for unsafe extern "C-unwind" fn($($param),*) -> R {
            fn address(self) -> usize {
                self as usize
            }

            fn signature() -> (Vec<Type>, Type) {
                (vec![$($param::TYPE),*], R::TYPE)
            }
        }
    };
}

external!();
external!(A);
external!(A B);
external!(A B C);
external!(A B C D);
external!(A B C D E);
external!(A B C D E F);

/// The symbol of a function.
pub(crate) fn function<F: External>(name: &'static str, function: F) -> Symbol {
    Symbol {
        name,
        address: function.address(),
        signature: Some(F::signature()),
    }
}

/// `functions![name(_, _), ...]`: the symbols of functions in scope, each with a `_` for every parameter.
macro_rules! functions {
    ($($name:ident($($any:tt),*)),* $(,)?) => {
        vec![$($crate::symbols::function(
            stringify!($name),
            $name as unsafe extern "C-unwind" fn($($any),*) -> _,
        )),*]
    };
}
pub(crate) use functions;

/// The symbol of a variable.
pub(crate) fn variable<T>(name: &'static str, address: *const T) -> Symbol {
    Symbol {
        name,
        address: address.addr(),
        signature: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use stepwell_abi::cpython as c;

    #[test]
    fn the_table_and_the_functions_agree() {
        let symbols: BTreeMap<_, _> = symbols()
            .into_iter()
            .map(|symbol| (symbol.name, symbol.signature))
            .collect();
        let mut rows = BTreeMap::new();
        for row in stepwell_abi::functions() {
            let params = row.params.iter().map(|(_, kind)| *kind).collect();
            assert!(
                rows.insert(row.symbol, Some((params, row.result)))
                    .is_none(),
                "{} has two rows",
                row.symbol
            );
            for stolen in row.steals {
                assert!(
                    row.params.iter().any(|(name, _)| name == stolen),
                    "{}: {stolen}",
                    row.symbol
                );
            }
        }
        rows.extend(stepwell_abi::data().iter().map(|name| (*name, None)));
        assert_eq!(symbols, rows);
    }

    #[test]
    fn the_operators_are_at_the_interpreter_s_numbers() {
        let addresses: BTreeMap<_, _> = symbols()
            .into_iter()
            .map(|symbol| (symbol.name, symbol.address))
            .collect();
        for kind in 0..26 {
            let row = stepwell_abi::binary(kind).expect("26 operators");
            // SAFETY: the interpreter's array has an entry for each operator.
            let theirs = unsafe {
                *(&raw const c::_PyEval_BinaryOps)
                    .cast::<c::binaryfunc>()
                    .add(kind)
            };
            if !row.is_ours() {
                assert_eq!(
                    addresses[row.symbol],
                    theirs.expect("an operator") as usize,
                    "{}",
                    row.symbol
                );
            }
        }
        assert!(stepwell_abi::binary(26).is_none());
    }
}

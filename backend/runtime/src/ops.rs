//! The bodies of the runtime functions, by family.
//!
//! Each does exactly what CPython's opcode does, messages included. What they take and give is in their rows of the
//! table (`stepwell-abi`), and what every one of them requires is this: the GIL is held, objects are live, `ts` is the
//! running thread's state and `frame` its current frame.
#![allow(
    clippy::missing_safety_doc,
    reason = "the conditions are those of the module"
)]

mod arrays;
mod attributes;
mod calls;
mod containers;
mod control;
mod exits;
mod frames;
mod generators;
mod imports;
mod inlined;
mod modes;
mod names;
mod numbers;
mod operators;
mod special;
mod strings;
mod text;

pub(crate) use attributes::Site;

use crate::symbols::Symbol;
pub(crate) use attributes::peek_attribute;
pub(crate) use calls::{adopt, like_maker};
pub(crate) use operators::digit;

/// The symbols of all families.
pub(crate) fn symbols() -> Vec<Symbol> {
    let families = [
        arrays::symbols(),
        attributes::symbols(),
        calls::symbols(),
        containers::symbols(),
        control::symbols(),
        exits::symbols(),
        frames::symbols(),
        generators::symbols(),
        imports::symbols(),
        inlined::symbols(),
        modes::symbols(),
        names::symbols(),
        numbers::symbols(),
        operators::symbols(),
    ];
    families.into_iter().flatten().collect()
}

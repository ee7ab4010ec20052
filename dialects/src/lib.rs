//! The dialects of Stepwell and the helpers to read and rewrite IR.
//!
//! `py`, `num` and `state` are defined in `ods/`. From there come the C++ that registers them, the
//! Rust builders in [`ods`], and the table of effects and ownership in [`ownership`]. [`ir`] has what
//! every crate needs to make a context, parse, print, walk and rewrite.

pub mod ir;
pub mod ods;
pub mod ownership;

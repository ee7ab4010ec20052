//! The frontend's tests, one binary.

mod corrupt;
mod dump;
mod fixtures;
mod interpreter;
mod lift;
mod opcodes;
mod opcodes_page;
mod standard_library;
mod structure;

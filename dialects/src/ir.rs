//! Contexts, text, types, traversal and rewriting: a thin layer over melior.

mod context;
mod rewrite;
mod text;
mod types;
mod walk;

pub use context::create_context;
pub use rewrite::{erase_block_argument, insert_block_argument, replace_uses, split_block_before};
pub use text::{
    ParseError, PrintOptions, capture_diagnostics, parse_module, print_module, print_operation,
};
pub use types::Types;
pub use walk::{blocks, functions, has_uses, operations, uses};

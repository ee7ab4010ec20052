//! CPython's bytecode: the opcodes of each version, and the three tables of a code object decoded.

mod decode;
mod exceptions;
mod opcode;
mod positions;
mod table;
mod varint;

pub mod v3_13;

pub use decode::{Instruction, decode};
pub use exceptions::{Handler, decode_exception_table};
pub use opcode::Opcode;
pub use positions::{Position, decode_line_table};
pub use table::{Flow, Operand, Row, Table};

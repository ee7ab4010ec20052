//! What compiled code remembers of generators whose bodies it runs itself: an array of words, which `sw_unpark` reads.
//!
//! First how many generators there are, or 0 when none has yielded yet. Then for each generator [`GENERATOR`] words and
//! [`VALUE`] words for each of its values: the locals, then the evaluation stack.

/// The words in front of the first generator.
pub const HEADER: usize = 1;
/// The words in front of a generator's values: the object, and what the next two name.
pub const GENERATOR: usize = 3;
/// Where the bytecode offset of the suspension is.
pub const OFFSET: usize = 1;
/// Where the number of values is.
pub const COUNT: usize = 2;
/// The words of a value: its tag, and up to three more.
pub const VALUE: usize = 4;

/// The slot of the frame has the value already.
pub const KEPT: i64 = 0;
/// Nothing.
pub const NULL: i64 = 1;
/// An object that the frame holds.
pub const OBJECT: i64 = 2;
/// An integer of 64 bits.
pub const INT: i64 = 3;
/// A double.
pub const FLOAT: i64 = 4;
/// 0 or 1.
pub const BOOL: i64 = 5;
/// An iterator over a range: the next item, how many are left, the step.
pub const RANGE: i64 = 6;

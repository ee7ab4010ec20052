//! The border between compiled code and the interpreter: layouts of its structures and the table of runtime functions.
//!
//! This crate is data, and the two ends of its one encoding ([`exit_table`]). Passes read it to generate
//! code, the runtime implements it, the engine links one to the other.

mod array;
pub mod cpython;
mod data;
pub mod exit_table;
mod function;
pub mod layout;
pub mod parking;
mod table;

pub use array::{ArrayType, Element};
pub use data::data;
pub use function::{Failure, Function, Result, Type};
pub use table::{binary, families, function, functions, unary};

/// The bit of a tagged result that tells the end of an iteration: the iterator is exhausted, the receiver of a `send`
/// has returned.
pub const FINISHED: usize = 1;

/// The result of a body whose frame goes on in the interpreter.
pub const EXIT: usize = 1;
/// The same with an exception set, raised by the frame's current instruction, whose traceback entry has been added.
pub const EXIT_RAISING: usize = 2;
/// The reason of an exit in front of a call that cannot begin, because somebody waits or the stack is deep. It tells
/// nothing against the code.
pub const CANNOT_BEGIN: &str = "a call of itself that cannot begin";
/// The reason of an exit in the middle of a call whose callee left.
pub const CALLEE_LEFT: &str = "a call of itself left";
/// How the reason of an exit begins that is taken when a guess was wrong.
pub const GUESS: &str = "expected ";
/// The result of a step that did not begin, because it does not know where its frame is suspended.
pub const NOT_BEGUN: usize = 3;

/// A bit of the eval breaker, of those for pending work, that CPython does not use: somebody has written to locals of a
/// frame that compiled code runs.
pub const LOCALS_WRITTEN: usize = 1 << 7;

/// How many 64-bit words a load of a global remembers.
pub const GLOBAL_CACHE_WORDS: usize = 3;
/// How many 64-bit words an instruction remembers of the attribute it names. The first are the entry that machine code
/// looks at itself: the version of a type (`u32`), what is known (`u32`), the place, the guard, an object.
pub const ATTRIBUTE_CACHE_WORDS: usize = 9;
/// What is known is where the value is in an instance.
pub const CACHED_PLACE: u32 = 1;
/// What is known is the method that the class has.
pub const CACHED_METHOD: u32 = 2;

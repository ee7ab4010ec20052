//! The passes that lower `py` to the LLVM dialect, one level at a time.
//!
//! [`pipeline`] has the order, [`level`] what may remain at each level, [`registry`] every pass by
//! name. A pass of one's own implements [`Pass`].

mod error;
pub mod lower;
mod pass;
pub mod transform;

pub use error::PassError;
pub use pass::{Pass, PassOutcome};

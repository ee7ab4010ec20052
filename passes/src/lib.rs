//! The passes that lower `py` to the LLVM dialect, one level at a time.
//!
//! [`pipeline`] has the order, [`level`] what may remain at each level, [`registry`] every pass by
//! name, [`PassManager`] runs them. A pass of one's own implements [`Pass`].

pub mod analysis;
pub mod builder;
pub mod cfg;
pub mod collections;
pub mod cursor;
mod error;
mod fingerprint;
pub mod function;
pub mod inspect;
pub mod level;
pub mod lower;
mod manager;
pub mod modes;
mod pass;
pub mod pipeline;
pub mod registry;
mod source;
pub mod transform;
pub mod upstream;

pub use error::PassError;
pub use level::Level;
pub use manager::{Anchor, Observer, PassManager, PassReport, RunOptions, UnknownAnchor};
pub use pass::{Pass, PassOutcome};
pub use source::{source_line, source_location};

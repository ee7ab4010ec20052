//! Passes that stay at their level.

pub mod infer_types;

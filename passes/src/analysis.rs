//! What passes ask about a function before they change it.

pub mod arrays;
pub mod branches;
pub mod cfg;
pub mod composites;
pub mod exit_source;
pub mod expectations;
pub mod explanation;
pub mod fact;
pub mod frame_state;
pub mod functions;
pub mod intervals;
pub mod known;
pub mod literals;
pub mod liveness;
pub mod loops;
pub mod numbers;
pub mod operators;
pub mod quiet_loops;
pub mod range_loops;
pub mod results;
pub mod scalars;
pub mod sequence_loops;
pub mod slots;
pub mod states;
pub mod suspensions;
pub mod tuples;

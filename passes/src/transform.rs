//! Passes that stay at their level.

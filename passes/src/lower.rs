//! Passes that cross a level: `lower-A-to-B`.

//! Passes that cross a level: `lower-A-to-B`.

pub mod lower_py_to_num;

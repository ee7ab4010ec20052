//! The passes as text in and text out, the tool that runs them, and the rules that hold for the tree.

mod arrows;
mod cases;
mod modes_page;
mod names;
mod num_semantics;
mod stepwell_opt;

use std::path::{Path, PathBuf};

/// The root of the workspace.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The names in a directory, sorted; none when it is not there.
fn names_in(directory: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(directory).into_iter().flatten();
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("the directory can be read").file_name())
        .map(|name| name.into_string().expect("file names are UTF-8"))
        .collect();
    names.sort();
    names
}

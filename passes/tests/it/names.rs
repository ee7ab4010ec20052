//! One thing, one name: pass `lower-num-to-arith` is type `LowerNumToArith` in file
//! `lower/lower_num_to_arith.rs`, and its cases are in `tests/cases/lower-num-to-arith/`.

use crate::{names_in, root};
use std::fs;
use stepwell_passes::registry::{self, PASSES};

/// The registered passes that are not upstream's.
fn own_passes() -> Vec<&'static str> {
    let upstream = fs::read_to_string(root().join("passes/src/upstream.rs"));
    let upstream = upstream.expect("the file of upstream's passes");
    PASSES
        .iter()
        .map(|pass| pass.name())
        .filter(|name| !upstream.contains(&format!("name: \"{name}\"")))
        .collect()
}

fn directory_of(pass: &str) -> &'static str {
    if pass.starts_with("lower-") {
        "lower"
    } else {
        "transform"
    }
}

fn type_name(pass: &str) -> String {
    let capitalised = pass.split('-').map(|word| {
        let (first, rest) = word.split_at(1);
        first.to_uppercase() + rest
    });
    capitalised.collect()
}

#[test]
fn passes_are_named_like_their_files_and_types() {
    for pass in own_passes() {
        let file = format!("{}/{}.rs", directory_of(pass), pass.replace('-', "_"));
        let text = fs::read_to_string(root().join("passes/src").join(&file))
            .unwrap_or_else(|error| panic!("pass {pass} should be in {file}: {error}"));
        let name = type_name(pass);
        assert!(
            text.contains(&format!("pub struct {name}")),
            "{file} has no {name}"
        );
    }
}

#[test]
fn files_with_a_pass_are_registered() {
    for directory in ["lower", "transform"] {
        for file in names_in(&root().join("passes/src").join(directory)) {
            let path = root().join("passes/src").join(directory).join(&file);
            if !path.is_file() || !read(&path).contains("impl Pass for") {
                continue;
            }
            let pass = file.trim_end_matches(".rs").replace('_', "-");
            assert!(
                registry::find(&pass).is_some(),
                "{directory}/{file} is not registered"
            );
            assert_eq!(
                directory_of(&pass),
                directory,
                "{pass} is in the wrong directory"
            );
        }
    }
}

#[test]
fn every_pass_has_a_case() {
    for pass in own_passes() {
        let cases = names_in(&root().join("tests/cases").join(pass));
        assert!(
            cases.iter().any(|name| name.ends_with(".mlir")),
            "tests/cases/{pass} has no case"
        );
    }
}

#[test]
fn cases_are_in_directories_of_passes() {
    for directory in names_in(&root().join("tests/cases")) {
        for file in names_in(&root().join("tests/cases").join(&directory)) {
            let path = root().join("tests/cases").join(&directory).join(&file);
            let known = registry::find(&directory).is_some()
                || !file.ends_with(".mlir")
                || read(&path).starts_with("// passes:");
            assert!(
                known,
                "tests/cases/{directory}/{file}: no pass has that name"
            );
        }
    }
}

#[test]
fn snapshots_have_their_case() {
    for directory in names_in(&root().join("tests/cases")) {
        let directory = root().join("tests/cases").join(directory);
        for file in names_in(&directory) {
            if let Some(name) = file.strip_suffix(".snap") {
                let case = directory.join(format!("{name}.mlir"));
                assert!(
                    case.exists(),
                    "{} is left over",
                    directory.join(&file).display()
                );
            }
        }
    }
}

fn read(path: &std::path::Path) -> String {
    fs::read_to_string(path).expect("the file can be read")
}

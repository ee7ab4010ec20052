//! Which crate may know which. A crate that is not listed here fails the test: think first.

use serde_json::Value;
use std::process::Command;

/// A crate, and those of the workspace that it may depend on.
const ARROWS: &[(&str, &[&str])] = &[
    ("stepwell-dialects", &[]),
    ("stepwell-abi", &[]),
    ("stepwell-passes", &["stepwell-dialects", "stepwell-abi"]),
    ("stepwell-frontend", &["stepwell-dialects"]),
    ("stepwell-runtime", &["stepwell-abi"]),
    (
        "stepwell-jit",
        &["stepwell-dialects", "stepwell-abi", "stepwell-runtime"],
    ),
    (
        "stepwell-pybind",
        &[
            "stepwell-dialects",
            "stepwell-passes",
            "stepwell-frontend",
            "stepwell-abi",
            "stepwell-runtime",
            "stepwell-jit",
        ],
    ),
    ("custom-pass", &["stepwell-dialects", "stepwell-passes"]),
];

/// Crates of others that are the business of one of ours.
const KEPT: &[(&str, &[&str])] = &[
    ("pyo3", &["stepwell-pybind"]),
    ("pyo3-ffi", &["stepwell-pybind", "stepwell-runtime"]),
    ("llvm-sys", &["stepwell-jit"]),
];

#[test]
fn crates_know_only_what_they_may() {
    for package in packages() {
        let name = package["name"].as_str().expect("a package has a name");
        let arrows = ARROWS.iter().find(|(from, _)| *from == name);
        let (_, allowed) = arrows.unwrap_or_else(|| panic!("{name} has no arrows yet"));
        for dependency in dependencies(&package) {
            let ours = ARROWS.iter().any(|(to, _)| *to == dependency);
            assert!(
                !ours || allowed.contains(&dependency),
                "{name} must not know {dependency}"
            );
            let kept = KEPT
                .iter()
                .find(|(crate_name, _)| *crate_name == dependency);
            assert!(
                kept.is_none_or(|(_, by)| by.contains(&name)),
                "{name} must not use {dependency}"
            );
        }
    }
}

fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--no-deps", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo writes JSON");
    let packages = metadata["packages"].as_array();
    packages.expect("the workspace has packages").clone()
}

/// What the crate is built from; tests may use what they like.
fn dependencies(package: &Value) -> impl Iterator<Item = &str> {
    let all = package["dependencies"].as_array().into_iter().flatten();
    all.filter(|dependency| dependency["kind"] != "dev")
        .map(|dependency| {
            dependency["name"]
                .as_str()
                .expect("a dependency has a name")
        })
}

//! Finds a CPython 3.13 that runs, for the tests that compare with it.

use std::path::PathBuf;
use std::process::{Command, Stdio};

/// A CPython 3.13, or `None` if this machine has none. A `python3.13` can be a shim that fails, so each is tried.
pub fn find() -> Option<PathBuf> {
    let named = ["STEPWELL_PYTHON", "PYO3_PYTHON"]
        .into_iter()
        .filter_map(std::env::var_os);
    named
        .map(PathBuf::from)
        .chain([PathBuf::from("python3.13")])
        .chain(pyenv_versions())
        .find(is_python_3_13)
}

fn pyenv_versions() -> Vec<PathBuf> {
    let Some(home) = std::env::var_os("HOME") else {
        return Vec::new();
    };
    let versions = PathBuf::from(home).join(".pyenv/versions");
    let mut found: Vec<PathBuf> = std::fs::read_dir(versions)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with("3.13"))
        .map(|entry| entry.path().join("bin/python3.13"))
        .collect();
    found.sort();
    found
}

fn is_python_3_13(path: &PathBuf) -> bool {
    let script = "import sys; raise SystemExit(sys.version_info[:2] != (3, 13) or sys.implementation.name != 'cpython')";
    Command::new(path)
        .args(["-c", script])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// What a script of `tests/tools` prints; `None` if there is no interpreter to run it.
pub fn run_tool(script: &str, arguments: &[&str]) -> Option<String> {
    let tools = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/tools");
    let output = Command::new(find()?)
        .arg(tools.join(script))
        .args(arguments)
        .env("PYTHONHASHSEED", "0")
        .env("PYTHONUTF8", "1")
        .output()
        .expect("the interpreter that was found runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some(String::from_utf8(output.stdout).expect("the tools write UTF-8"))
}

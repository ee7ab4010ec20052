//! Every function of the standard library goes through the frontend.

use crate::{fixtures, interpreter};
use melior::ir::Module;
use std::collections::BTreeSet;
use std::process::Command;
use stepwell_dialects::ir::{PrintOptions, create_context, print_module};
use stepwell_frontend::{Code, LiftOptions, dump_bytecode, lift};

/// Packages that use all of the language between them.
const PACKAGES: [&str; 8] = [
    "asyncio",
    "collections",
    "concurrent",
    "email",
    "importlib",
    "json",
    "tomllib",
    "unittest",
];

/// The directory of the standard library's modules.
fn library() -> Option<String> {
    let script = "import sysconfig; print(sysconfig.get_path('stdlib'))";
    let output = Command::new(interpreter::find()?)
        .args(["-c", script])
        .output()
        .ok()?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}

/// What to read: a few packages, or everything if `STEPWELL_WHOLE_LIBRARY` is set.
fn directories() -> Vec<String> {
    let Some(library) = library() else {
        return Vec::new();
    };
    match std::env::var_os("STEPWELL_WHOLE_LIBRARY") {
        Some(_) => vec![library],
        None => PACKAGES
            .iter()
            .map(|package| format!("{library}/{package}"))
            .collect(),
    }
}

fn codes(directory: &str) -> Vec<Code> {
    let dump = interpreter::run_tool("dump_code.py", &["--tree", directory]);
    fixtures::parse(&dump.expect("the interpreter was found before"))
}

/// There is an op for everything that the compiler of Python writes, so nothing is left to the interpreter.
#[test]
fn every_function_is_lifted() {
    let context = create_context();
    let mut exits = BTreeSet::new();
    let options = LiftOptions::default();
    for code in directories().iter().flat_map(|directory| codes(directory)) {
        let name = format!("{} of {}", code.qualname, code.filename);
        if let Err(error) = dump_bytecode(&code) {
            panic!("{name}: {error}");
        }
        match lift(&context, &code, &options) {
            Ok(module) => exits.extend(reasons(&module)),
            Err(error) => panic!("{name}: {error}"),
        }
    }
    assert!(exits.is_empty(), "left to the interpreter: {exits:?}");
}

/// Why a function leaves compiled code without a guard that failed.
fn reasons(module: &Module<'_>) -> Vec<String> {
    let text = print_module(module, PrintOptions::default());
    let exits = text
        .lines()
        .filter(|line| line.trim_start().starts_with("py.exit "));
    exits
        .filter_map(|line| Some(line.split_once('"')?.1.trim_end_matches('"').to_owned()))
        .collect()
}

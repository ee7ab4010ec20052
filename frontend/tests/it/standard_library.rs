//! Every function of the standard library goes through the frontend.

use crate::{fixtures, interpreter};
use std::process::Command;
use stepwell_frontend::dump_bytecode;

/// The directory of the standard library's modules.
fn library() -> Option<String> {
    let script = "import sysconfig; print(sysconfig.get_path('stdlib'))";
    let output = Command::new(interpreter::find()?)
        .args(["-c", script])
        .output()
        .ok()?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}

#[test]
fn every_function_is_decoded() {
    let Some(library) = library() else {
        return;
    };
    for package in [
        "asyncio",
        "json",
        "email",
        "unittest",
        "importlib",
        "collections",
        "concurrent",
    ] {
        let dump =
            interpreter::run_tool("dump_code.py", &["--tree", &format!("{library}/{package}")])
                .expect("the interpreter was found before");
        for code in fixtures::parse(&dump) {
            if let Err(error) = dump_bytecode(&code) {
                panic!("{} of {}: {error}", code.qualname, code.filename);
            }
        }
    }
}

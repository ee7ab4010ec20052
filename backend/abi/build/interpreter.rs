//! Finds the CPython 3.13 to build for.

use std::{env, path::PathBuf, process::Command};

/// Where an interpreter keeps its headers and its library.
pub struct Interpreter {
    /// The directory of `Python.h`.
    pub include: String,
    /// The directory of the shared library.
    pub libdir: String,
    /// The library's name as a linker wants it: `python3.13`.
    pub library: String,
}

const QUESTION: &str = "import sys, sysconfig; v = sysconfig.get_config_var
print(*sys.version_info[:2], sys.implementation.name, v('Py_GIL_DISABLED') or 0, v('Py_DEBUG') or 0)
print(sysconfig.get_path('include'))
print(v('LIBDIR'))
print('python' + v('LDVERSION'))";

/// The first candidate that runs and is a CPython 3.13 with a GIL: what `PYO3_PYTHON` names, then `python3.13` and
/// `python3` on the path (they can be shims that fail when they run), then pyenv's versions.
pub fn find() -> Result<Interpreter, String> {
    let mut tried = Vec::new();
    for program in candidates() {
        match ask(&program) {
            Ok(found) => return Ok(found),
            Err(reason) => tried.push(format!("  {}: {reason}", program.display())),
        }
    }
    Err(format!(
        "a CPython 3.13 (not free-threaded, not a debug build) is needed; name one in PYO3_PYTHON. Tried:\n{}",
        tried.join("\n")
    ))
}

fn candidates() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = env::var_os("PYO3_PYTHON")
        .map(PathBuf::from)
        .into_iter()
        .collect();
    found.extend([PathBuf::from("python3.13"), PathBuf::from("python3")]);
    let root = env::var_os("PYENV_ROOT").map(PathBuf::from);
    let root = root.or_else(|| env::var_os("HOME").map(|home| PathBuf::from(home).join(".pyenv")));
    let versions = root.and_then(|root| root.join("versions").read_dir().ok());
    let mut versions: Vec<PathBuf> = versions
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    versions.sort();
    found.extend(
        versions
            .into_iter()
            .map(|version| version.join("bin/python3.13"))
            .filter(|path| path.exists()),
    );
    found
}

fn ask(program: &PathBuf) -> Result<Interpreter, String> {
    let output = Command::new(program)
        .args(["-c", QUESTION])
        .output()
        .map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(format!("it does not run ({})", output.status));
    }
    let answer = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut lines = answer.lines();
    match lines.next() {
        Some("3 13 cpython 0 0") => {}
        other => return Err(format!("it is `{}`", other.unwrap_or("silent"))),
    }
    match (lines.next(), lines.next(), lines.next()) {
        (Some(include), Some(libdir), Some(library)) => Ok(Interpreter {
            include: include.into(),
            libdir: libdir.into(),
            library: library.into(),
        }),
        _ => Err("its answer is not understood".into()),
    }
}

//! Links zlib and zstd, which LLVM refers to, into the extension module, so that it needs no library that a
//! machine may lack.

use std::path::PathBuf;
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    for name in ["z", "zstd"] {
        if let Some(archive) = find_archive(name) {
            let directory = archive.parent().expect("the path of a file");
            println!("cargo:rustc-link-search=native={}", directory.display());
            println!("cargo:rustc-link-lib=static:-bundle={name}");
        }
    }
}

/// Where the C compiler would find the static library. Without one the shared library serves as well.
fn find_archive(name: &str) -> Option<PathBuf> {
    let output = Command::new("cc")
        .arg(format!("--print-file-name=lib{name}.a"))
        .output()
        .ok()?;
    let path = PathBuf::from(String::from_utf8(output.stdout).ok()?.trim());
    path.is_absolute().then_some(path)
}

//! Lets the tests of this crate embed the interpreter; the extension module itself is never linked with it.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let libdir =
        env::var("DEP_STEPWELL_CPYTHON_LIBDIR").expect("stepwell-abi says where the library is");
    let library = env::var("DEP_STEPWELL_CPYTHON_LIB").expect("stepwell-abi names the library");
    for argument in [
        format!("-L{libdir}"),
        format!("-l{library}"),
        format!("-Wl,-rpath,{libdir}"),
    ] {
        println!("cargo::rustc-link-arg={argument}");
    }
}

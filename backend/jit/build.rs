//! Compiles the one C++ file: the C API has no function that registers a single translation.

use std::env;

fn main() {
    println!("cargo:rerun-if-changed=cpp/translations.cpp");
    println!("cargo:rerun-if-env-changed=MLIR_SYS_220_PREFIX");
    let prefix = env::var("MLIR_SYS_220_PREFIX").unwrap_or_else(|_| "/usr/lib/llvm-22".to_owned());
    cc::Build::new()
        .cpp(true)
        .std("c++17")
        .flag("-isystem")
        .flag(format!("{prefix}/include"))
        .flag("-fno-rtti")
        .flag("-fno-exceptions")
        .file("cpp/translations.cpp")
        .compile("stepwell_jit_translations");
}

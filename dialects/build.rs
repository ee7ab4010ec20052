//! Generates the C++ of the dialects with `mlir-tblgen`, compiles it, and derives the Rust table of
//! effects and ownership from the same ODS files.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// ODS file, the dialect's name in it, and whether it defines types and enumerations.
const DIALECTS: [(&str, bool); 3] = [("Py", true), ("Num", false), ("State", false)];

fn main() {
    println!("cargo:rerun-if-changed=ods");
    println!("cargo:rerun-if-changed=cpp");
    println!("cargo:rerun-if-env-changed=MLIR_SYS_220_PREFIX");
    let manifest = env::var("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR");
    println!("cargo:rustc-env=STEPWELL_ODS={manifest}/ods");
    let prefix = PathBuf::from(
        env::var("MLIR_SYS_220_PREFIX").unwrap_or_else(|_| "/usr/lib/llvm-22".to_owned()),
    );
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets OUT_DIR"));
    for (dialect, rich) in DIALECTS {
        generate_dialect(&prefix, &out, dialect, rich);
    }
    compile_cpp(&prefix, &out);
    generate_ownership(&prefix, &out);
}

fn generate_dialect(prefix: &Path, out: &Path, dialect: &str, rich: bool) {
    let name = format!("--dialect={}", dialect.to_lowercase());
    let mut outputs = vec![
        ("Ops.h.inc", vec!["-gen-op-decls".to_owned()]),
        ("Ops.cpp.inc", vec!["-gen-op-defs".to_owned()]),
        (
            "Dialect.h.inc",
            vec!["-gen-dialect-decls".to_owned(), name.clone()],
        ),
        (
            "Dialect.cpp.inc",
            vec!["-gen-dialect-defs".to_owned(), name],
        ),
    ];
    if rich {
        outputs.push(("Types.h.inc", vec!["-gen-typedef-decls".to_owned()]));
        outputs.push(("Types.cpp.inc", vec!["-gen-typedef-defs".to_owned()]));
        outputs.push(("Enums.h.inc", vec!["-gen-enum-decls".to_owned()]));
        outputs.push(("Enums.cpp.inc", vec!["-gen-enum-defs".to_owned()]));
    }
    for (suffix, arguments) in outputs {
        let target = out.join(format!("{dialect}{suffix}"));
        tblgen(prefix, "mlir-tblgen", dialect, &arguments, &target);
    }
}

fn tblgen(prefix: &Path, tool: &str, dialect: &str, arguments: &[String], target: &Path) {
    let status = Command::new(prefix.join("bin").join(tool))
        .args(arguments)
        .arg("-I")
        .arg("ods")
        .arg("-I")
        .arg(prefix.join("include"))
        .arg(format!("ods/{dialect}.td"))
        .arg("-o")
        .arg(target)
        .status()
        .unwrap_or_else(|error| panic!("cannot run {tool} from {}: {error}", prefix.display()));
    assert!(status.success(), "{tool} failed on ods/{dialect}.td");
}

fn compile_cpp(prefix: &Path, out: &Path) {
    cc::Build::new()
        .cpp(true)
        .std("c++17")
        .flag("-fno-rtti")
        .flag("-fno-exceptions")
        .flag("-fvisibility=hidden")
        .opt_level(1)
        .debug(false)
        .warnings(false)
        .define("NDEBUG", None)
        .include(out)
        .include(prefix.join("include"))
        .file("cpp/Dialects.cpp")
        .compile("stepwell_dialects_cpp");
}

/// Writes `ownership.rs`: one `OpInfo` row for each op that derives from `Ownership`.
fn generate_ownership(prefix: &Path, out: &Path) {
    let mut rows = Vec::new();
    for (dialect, _) in DIALECTS {
        let json = out.join(format!("{dialect}.json"));
        tblgen(
            prefix,
            "llvm-tblgen",
            dialect,
            &["-dump-json".to_owned()],
            &json,
        );
        let text = fs::read_to_string(&json).expect("llvm-tblgen wrote its output");
        let records: serde_json::Value =
            serde_json::from_str(&text).expect("llvm-tblgen writes JSON");
        let own = format!("{dialect}_Dialect");
        let attributes = &records["!instanceof"]["AttrConstraint"];
        for name in records["!instanceof"]["Ownership"]
            .as_array()
            .into_iter()
            .flatten()
        {
            let record = &records[name.as_str().expect("record names are strings")];
            if record["opDialect"]["def"] == own.as_str() {
                rows.push(ownership_row(record, attributes));
            }
        }
    }
    rows.sort();
    fs::write(
        out.join("ownership.rs"),
        format!("&[\n{}]\n", rows.concat()),
    )
    .expect("OUT_DIR is writable");
}

fn ownership_row(record: &serde_json::Value, attributes: &serde_json::Value) -> String {
    let dialect = record["opDialect"]["def"]
        .as_str()
        .expect("an op has a dialect");
    let dialect = dialect.trim_end_matches("_Dialect").to_lowercase();
    let bit = |field: &str| record[field] == 1;
    let operands = operand_names(record, attributes);
    let steals: Vec<String> = record["steals"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|name| {
            let name = name.as_str().expect("`steals` lists names");
            let index = operands.iter().position(|operand| operand == name);
            index
                .unwrap_or_else(|| panic!("`steals` names no operand: {name}"))
                .to_string()
        })
        .collect();
    let ownership = match record["ownership"].as_str() {
        Some("new") => "New",
        Some("borrowed") => "Borrowed",
        other => panic!("unknown ownership {other:?}"),
    };
    format!(
        "    OpInfo {{ name: \"{dialect}.{}\", raises: {}, observes: {}, exits: {}, steals: &[{}], results: Ownership::{ownership}, nullable: {}, traces: {}, fixed_results: {} }},\n",
        record["opName"].as_str().expect("an op has a name"),
        bit("raises"),
        bit("observes"),
        bit("exits"),
        steals.join(", "),
        bit("nullable"),
        bit("traces"),
        fixed_results(record),
    )
}

/// How many results an op has beside `raised`.
fn fixed_results(record: &serde_json::Value) -> usize {
    let results = record["results"]["args"].as_array().into_iter().flatten();
    results.filter(|result| result[1] != "raised").count()
}

/// The names of the operands in order, without what is one of `attributes`, the names of all attribute constraints.
fn operand_names(record: &serde_json::Value, attributes: &serde_json::Value) -> Vec<String> {
    let attributes = attributes.as_array().map_or(&[][..], Vec::as_slice);
    let arguments = record["arguments"]["args"].as_array().into_iter().flatten();
    arguments
        .filter(|argument| !attributes.contains(&argument[0]["def"]))
        .map(|argument| {
            argument[1]
                .as_str()
                .expect("arguments are named")
                .to_owned()
        })
        .collect()
}

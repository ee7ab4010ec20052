//! The reference pages in `docs/dialects` are what the ODS files say.
//!
//! `make docs`, which sets `STEPWELL_BLESS`, writes them anew.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};
use stepwell_dialects::ownership::{OPS, OpInfo, Ownership};

#[test]
fn pages_are_current() {
    for dialect in ["Py", "Num", "State"] {
        let path = pages_directory().join(format!("{}.md", dialect.to_lowercase()));
        let page = format!("{}{}", reference(dialect), effects_table(dialect));
        if env::var_os("STEPWELL_BLESS").is_some() {
            fs::write(&path, page).expect("the page can be written");
            continue;
        }
        let written = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            written == page,
            "{} is stale: run `make docs`",
            path.display()
        );
    }
}

#[test]
fn every_dialect_has_its_rationale() {
    for dialect in ["Py", "Num", "State"] {
        let path = pages_directory().join(format!("Rationale{dialect}.md"));
        let text = fs::read_to_string(&path).unwrap_or_default();
        assert!(text.starts_with("# "), "{} is missing", path.display());
    }
}

fn pages_directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/dialects")
}

/// The page as `mlir-tblgen` writes it.
fn reference(dialect: &str) -> String {
    let prefix = env::var("MLIR_SYS_220_PREFIX").unwrap_or_else(|_| "/usr/lib/llvm-22".to_owned());
    let ods = concat!(env!("CARGO_MANIFEST_DIR"), "/ods");
    let output = Command::new(format!("{prefix}/bin/mlir-tblgen"))
        .arg("-gen-dialect-doc")
        .arg(format!("--dialect={}", dialect.to_lowercase()))
        .args(["-I", ods, "-I", &format!("{prefix}/include")])
        .arg(format!("{ods}/{dialect}.td"))
        .output()
        .expect("mlir-tblgen runs, as it did for the build");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let page = String::from_utf8(output.stdout).expect("pages are UTF-8");
    // The table of contents is a macro of MLIR's own web site.
    page.replace("[TOC]\n\n", "")
}

/// What `mlir-tblgen` does not know of: the table that passes look ops up in.
fn effects_table(dialect: &str) -> String {
    let prefix = format!("{}.", dialect.to_lowercase());
    let rows = OPS.iter().filter(|op| op.name.starts_with(&prefix));
    let rows: String = rows.map(effects_row).collect();
    format!(
        "## Effects and ownership\n\n\
         Whether an op raises, may run arbitrary Python (observes), may leave for the interpreter (exits), which operands\n\
         it takes over, and whether its object results are new references.\n\n\
         | op | raises | observes | exits | takes over | results |\n|---|---|---|---|---|---|\n{rows}"
    )
}

fn effects_row(op: &OpInfo) -> String {
    let mark = |bit| if bit { "yes" } else { "" };
    let steals: Vec<_> = op
        .steals
        .iter()
        .map(|index| format!("operand {index}"))
        .collect();
    let results = match op.results {
        Ownership::New => "new",
        Ownership::Borrowed => "borrowed",
    };
    format!(
        "| `{}` | {} | {} | {} | {} | {results} |\n",
        op.name,
        mark(op.raises),
        mark(op.observes),
        mark(op.exits),
        steals.join(", "),
    )
}

//! The tool as its users run it.

use std::{
    io::Write,
    process::{Command, Stdio},
};
use stepwell_passes::{Level, registry::PASSES};

const MODULE: &str = "func.func @f(%x: i64) -> i64 {
  %0 = arith.constant 1 : i64
  func.return %x : i64
}
";

struct Run {
    code: Option<i32>,
    out: String,
    err: String,
}

fn opt(arguments: &[&str], input: &str) -> Run {
    let mut child = Command::new(env!("CARGO_BIN_EXE_stepwell-opt"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the tool runs");
    let mut stdin = child.stdin.take().expect("it has an input");
    // A tool that refuses its arguments does not read.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    let output = child.wait_with_output().expect("the tool ends");
    let text = |bytes| String::from_utf8(bytes).expect("it writes UTF-8");
    Run {
        code: output.status.code(),
        out: text(output.stdout),
        err: text(output.stderr),
    }
}

#[test]
fn a_module_is_read_and_printed() {
    let run = opt(&[], MODULE);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    assert!(run.out.contains("arith.constant 1 : i64"), "{}", run.out);
    let generic = opt(&["--generic", "-"], &run.out);
    assert!(generic.out.contains("\"func.func\"()"), "{}", generic.out);
    assert_eq!(opt(&[], &generic.out).out, run.out);
}

#[test]
fn passes_run_and_can_be_watched() {
    let run = opt(
        &["--passes=canonicalize,cse", "--print-ir-after-all"],
        MODULE,
    );
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert!(!run.out.contains("arith.constant"), "{}", run.out);
    assert!(
        run.err.contains("after canonicalize (changed)"),
        "{}",
        run.err
    );
    assert!(run.err.contains("after cse (unchanged)"), "{}", run.err);
}

/// Two ways to leave, an exception edge, a native value and a loop, as the frontend writes them.
const FUNCTION: &str = include_str!("total.mlir");

#[test]
fn every_level_is_read_back_in_every_form() {
    // Names of values are in the locations: without these the text is read, and comes out with numbers.
    let forms: [&[&str]; 3] = [&[], &["--locations"], &["--locations", "--generic"]];
    for level in Level::ALL.into_iter().filter(|level| level.is_mlir()) {
        for form in forms {
            let lowered = opt(&[&["--to", level.name()], form].concat(), FUNCTION);
            assert_eq!(lowered.code, Some(0), "{level} {form:?}: {}", lowered.err);
            let again = opt(form, &lowered.out);
            assert_eq!(again.code, Some(0), "{level} {form:?}: {}", again.err);
            assert!(
                form.is_empty() || again.out == lowered.out,
                "{level} {form:?}"
            );
        }
    }
}

#[test]
fn locations_are_printed_when_asked_for() {
    let run = opt(
        &["--locations"],
        "func.func @f() { func.return } loc(\"f.py\":3:5)",
    );
    assert!(run.out.contains("\"f.py\":3:5"), "{}", run.out);
}

#[test]
fn invalid_ir_fails_with_its_place() {
    let run = opt(&[], "func.func @f() {\n  py.nonsense\n}\n");
    assert_eq!((run.code, run.out.as_str()), (Some(1), ""));
    assert!(run.err.contains("<stdin>:2:3: "), "{}", run.err);
}

#[test]
fn a_level_whose_contract_is_broken_fails() {
    let text = "func.func @f(%x: !py.object) { py.incref %x func.return }";
    let run = opt(&["--to", "py"], text);
    assert_eq!(run.code, Some(1));
    assert!(
        run.err.contains("py.incref may not remain at level py"),
        "{}",
        run.err
    );
}

#[test]
fn wrong_calls_are_explained() {
    let cases: [(&[&str], &str); 7] = [
        (&["--passes=inline-all"], "no pass is called \"inline-all\""),
        (&["--to=ast"], "no level is called \"ast\""),
        (&["--to=asm"], "level asm is not MLIR; these are: py, typed"),
        (&["--to"], "--to needs a value"),
        (&["--frobnicate"], "unknown option --frobnicate"),
        (&["--to=py", "--passes=cse"], "--to and --passes both say"),
        (&["a.mlir", "b.mlir"], "one module at a time"),
    ];
    for (arguments, message) in cases {
        let run = opt(arguments, MODULE);
        assert_eq!(run.code, Some(2), "{arguments:?}");
        assert!(run.err.contains(message), "{}", run.err);
    }
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let run = opt(&["no-such-file.mlir"], "");
    assert_eq!(run.code, Some(1));
    assert!(
        run.err.contains("cannot read no-such-file.mlir"),
        "{}",
        run.err
    );
}

#[test]
fn help_describes_every_pass() {
    let run = opt(&["--help"], "");
    assert_eq!(run.code, Some(0));
    for pass in PASSES {
        assert!(
            run.out.contains(pass.description()),
            "{} is missing",
            pass.name()
        );
    }
}

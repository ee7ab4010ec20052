//! The page `docs/opcodes.md`: what becomes of each opcode, and what tests it.
//!
//! `make docs`, which sets `STEPWELL_BLESS`, writes it anew.

use crate::{fixtures, interpreter};
use std::collections::BTreeMap;
use std::path::Path;
use stepwell_dialects::ir::create_context;
use stepwell_frontend::bytecode::{Opcode, Row, v3_13};
use stepwell_frontend::{Code, Program, Trace, lift_traced};

/// The fixtures that are lifted.
const FIXTURES: [&str; 6] = [
    "basics",
    "calls",
    "exceptions",
    "generators",
    "loops",
    "namespaces",
];

/// What becomes no op, and why.
const NO_OPS: &[(Opcode, &str)] = &[
    (Opcode::Copy, ON_THE_STACK),
    (Opcode::EndFor, ON_THE_STACK),
    (Opcode::EndSend, ON_THE_STACK),
    (Opcode::PopTop, ON_THE_STACK),
    (Opcode::Swap, ON_THE_STACK),
    (Opcode::LoadFast, "nothing: a local is a value"),
    (Opcode::LoadFastLoadFast, "nothing: a local is a value"),
    (Opcode::Nop, "nothing"),
    (
        Opcode::CleanupThrow,
        "left to the interpreter, which resumes generators into which something is thrown",
    ),
    (Opcode::ExtendedArg, "part of the instruction behind it"),
    (
        Opcode::ReturnGenerator,
        "left to the interpreter, which makes the generator; compiled code begins behind it",
    ),
    (
        Opcode::ExitInitCheck,
        "not in code objects: what the interpreter runs behind an `__init__` that it calls without C",
    ),
    (
        Opcode::InterpreterExit,
        "not in code objects: what the interpreter returns to where C has called it",
    ),
];

const ON_THE_STACK: &str = "nothing: values have no place on a stack";

/// What no function has that a compiler of Python makes, so that no case can have it.
const IN_NO_FUNCTION: [Opcode; 2] = [Opcode::ExitInitCheck, Opcode::InterpreterExit];

/// Where something is tested.
type Case = (usize, String, String);

#[test]
fn page_is_current() {
    let page = page();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/opcodes.md");
    if std::env::var_os("STEPWELL_BLESS").is_some() {
        std::fs::write(&path, &page).expect("the page can be written");
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page, "docs/opcodes.md is stale: run `make docs`");
}

#[test]
fn list_of_programs_is_current() {
    let programs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/python/programs");
    let arguments = [programs.to_str().expect("the path is UTF-8")];
    let Some(printed) = interpreter::run_tool("find_opcodes.py", &arguments) else {
        return;
    };
    if std::env::var_os("STEPWELL_BLESS").is_some() {
        std::fs::write(programs_fixture(), &printed).expect("the fixture can be written");
    }
    assert!(
        printed == read_programs(),
        "fixtures/v3_13/programs.txt is stale: run `make docs`"
    );
}

/// Nothing of the table is forgotten: what is lifted becomes ops or says why not, and has a case here and a program.
#[test]
fn every_opcode_is_lifted_and_tested() {
    let (trace, cases) = lift_fixtures();
    let programs = programs();
    for Row { opcode, .. } in v3_13::TABLE.rows() {
        let lifted = !trace.ops(*opcode).is_empty();
        assert_ne!(
            lifted,
            no_ops(*opcode).is_some(),
            "{opcode}: ops or a reason"
        );
        assert!(
            !trace.ops(*opcode).iter().any(|op| op == "py.exit"),
            "{opcode} leaves"
        );
        if !IN_NO_FUNCTION.contains(opcode) {
            assert!(cases.contains_key(opcode.name()), "{opcode} has no fixture");
            assert!(
                programs.contains_key(opcode.name()),
                "{opcode} has no program"
            );
        }
    }
    for form in forms() {
        assert!(programs.contains_key(&form), "{form} has no program");
    }
}

fn page() -> String {
    let (trace, cases) = lift_fixtures();
    let programs = programs();
    let rows: String = v3_13::TABLE
        .rows()
        .map(|row| opcode_row(row.opcode, &trace, &cases, &programs))
        .collect();
    let forms: String = forms()
        .iter()
        .map(|form| format!("| `{}` | {} |\n", escape(form), place(programs.get(form))))
        .collect();
    format!("{INTRODUCTION}{rows}{FORMS}{forms}")
}

const INTRODUCTION: &str = "# Opcodes

What becomes of each opcode of CPython 3.13, and what tests it. This page is generated from the table of opcodes, the
frontend and the tests (`make docs`); a test fails when it is stale, or when an opcode has no case.

*Becomes* lists the ops that the frontend makes of it, in one form or another of the instruction; frame states, and the
branches to handlers behind ops that can raise, are left out. *Lifted* is a function of `frontend/tests/fixtures/functions/`,
whose ops are in a snapshot. *Run* is a function of `tests/python/programs/` that runs compiled and interpreted, with
everything compared. What the interpreter does on purpose: it makes generators, and resumes those into which something is
thrown.

| opcode | becomes | lifted | run |
|---|---|---|---|
";

const FORMS: &str = "
## Operators, comparisons and intrinsics

Instructions whose argument chooses what they do.

| form | run |
|---|---|
";

fn opcode_row(
    opcode: Opcode,
    trace: &Trace,
    cases: &BTreeMap<String, Case>,
    programs: &BTreeMap<String, Case>,
) -> String {
    let ops: Vec<_> = trace
        .ops(opcode)
        .iter()
        .map(|op| format!("`{op}`"))
        .collect();
    let becomes = no_ops(opcode).map_or_else(|| ops.join(", "), str::to_owned);
    format!(
        "| `{opcode}` | {becomes} | {} | {} |\n",
        place(cases.get(opcode.name())),
        place(programs.get(opcode.name()))
    )
}

fn place(case: Option<&Case>) -> String {
    case.map_or_else(String::new, |(_, file, function)| {
        format!("`{file}`: `{function}`")
    })
}

/// In a table, a bar ends the cell.
fn escape(text: &str) -> String {
    text.replace('|', "\\|")
}

fn no_ops(opcode: Opcode) -> Option<&'static str> {
    let found = NO_OPS.iter().find(|(other, _)| *other == opcode);
    found.map(|(_, reason)| *reason)
}

/// Lifts all fixtures, and finds the shortest function for each opcode.
fn lift_fixtures() -> (Trace, BTreeMap<String, Case>) {
    let context = create_context();
    let trace = Trace::default();
    let mut cases = BTreeMap::new();
    for fixture in FIXTURES {
        for code in fixtures::codes(fixture) {
            lift_traced(&context, &code, &trace).expect("a function that is lifted");
            note_opcodes(&mut cases, fixture, &code);
        }
    }
    (trace, cases)
}

fn note_opcodes(cases: &mut BTreeMap<String, Case>, fixture: &str, code: &Code) {
    let program = Program::new(code).expect("a function that is decoded");
    let case = (
        code.code.len(),
        format!("{fixture}.py"),
        code.qualname.clone(),
    );
    let prefixes = program
        .instructions()
        .iter()
        .filter(|instruction| instruction.start != instruction.offset)
        .map(|_| Opcode::ExtendedArg);
    let opcodes = program.instructions().iter().map(|one| one.opcode());
    for opcode in opcodes.chain(prefixes) {
        let found = cases
            .entry(opcode.name().to_owned())
            .or_insert_with(|| case.clone());
        if case < *found {
            *found = case.clone();
        }
    }
}

/// The instructions with their forms, as the interpreter names them.
fn forms() -> Vec<String> {
    const COMPARISONS: [&str; 6] = ["<", "<=", "==", "!=", ">", ">="];
    const UNARY: [&str; 11] = [
        "PRINT",
        "IMPORT_STAR",
        "STOPITERATION_ERROR",
        "ASYNC_GEN_WRAP",
        "UNARY_POSITIVE",
        "LIST_TO_TUPLE",
        "TYPEVAR",
        "PARAMSPEC",
        "TYPEVARTUPLE",
        "SUBSCRIPT_GENERIC",
        "TYPEALIAS",
    ];
    const BINARY: [&str; 5] = [
        "PREP_RERAISE_STAR",
        "TYPEVAR_WITH_BOUND",
        "TYPEVAR_WITH_CONSTRAINTS",
        "SET_FUNCTION_TYPE_PARAMS",
        "SET_TYPEPARAM_DEFAULT",
    ];
    let operators = (0..).map_while(|oparg| v3_13::TABLE.operator(oparg));
    operators
        .map(|operator| format!("BINARY_OP {operator}"))
        .chain(COMPARISONS.map(|comparison| format!("COMPARE_OP {comparison}")))
        .chain(UNARY.map(|name| format!("CALL_INTRINSIC_1 INTRINSIC_{name}")))
        .chain(BINARY.map(|name| format!("CALL_INTRINSIC_2 INTRINSIC_{name}")))
        .collect()
}

fn programs_fixture() -> std::path::PathBuf {
    fixtures::directory().join("v3_13/programs.txt")
}

fn read_programs() -> String {
    std::fs::read_to_string(programs_fixture()).expect("the fixture is in the repository")
}

/// What `find_opcodes.py` has found in the programs of the Python tests.
fn programs() -> BTreeMap<String, Case> {
    read_programs()
        .lines()
        .map(|line| {
            let fields: Vec<_> = line.split('\t').collect();
            let case = (0, fields[1].to_owned(), fields[2].to_owned());
            (fields[0].to_owned(), case)
        })
        .collect()
}

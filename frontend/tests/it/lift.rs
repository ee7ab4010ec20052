//! Level `py` of real functions, as text.

use crate::fixtures;
use stepwell_dialects::ir::{PrintOptions, create_context, parse_module, print_module};
use stepwell_frontend::{Code, Entry, LiftOptions, Program, Temporary, bytecode::Opcode, lift};

const WITH_LOCATIONS: PrintOptions = PrintOptions {
    locations: true,
    generic: false,
};

fn lifted(code: &Code, options: PrintOptions) -> String {
    let context = create_context();
    let module = lift(&context, code, &LiftOptions::default()).expect("a function that is lifted");
    print_module(&module, options)
}

fn snapshot(fixture: &str) {
    let context = create_context();
    let mut texts = Vec::new();
    for code in fixtures::codes(fixture) {
        let with_names = lifted(&code, WITH_LOCATIONS);
        let again = parse_module(&context, &with_names).expect("what is printed can be read");
        assert_eq!(print_module(&again, WITH_LOCATIONS), with_names);
        texts.push(lifted(&code, PrintOptions::default()));
    }
    insta::assert_snapshot!(format!("py_{fixture}"), texts.join("\n"));
}

#[test]
fn basics() {
    snapshot("basics");
}

#[test]
fn loops() {
    snapshot("loops");
}

#[test]
fn calls() {
    snapshot("calls");
}

#[test]
fn exceptions() {
    snapshot("exceptions");
}

#[test]
fn generators() {
    snapshot("generators");
}

#[test]
fn namespaces() {
    snapshot("namespaces");
}

#[test]
fn locations_have_columns_and_names() {
    let code = fixtures::function("loops", "total");
    insta::assert_snapshot!(lifted(&code, WITH_LOCATIONS));
}

#[test]
fn options_become_attributes() {
    let context = create_context();
    let code = fixtures::function("basics", "add");
    let options = LiftOptions {
        mode: Some("float".to_owned()),
        param_types: Some(vec!["f64".to_owned(), "!py.object".to_owned()]),
        this: Some("add".to_owned()),
        elide: true,
        attributes: vec![("py.overflow".to_owned(), "\"raise\"".to_owned())],
        ..LiftOptions::default()
    };
    let module = lift(&context, &code, &options).expect("a function that is lifted");
    let text = print_module(&module, PrintOptions::default());
    assert!(text.contains("py.mode = \"float\""), "{text}");
    assert!(text.contains("py.this = \"add\""), "{text}");
    assert!(text.contains("py.elide"), "{text}");
    assert!(text.contains("py.overflow = \"raise\""), "{text}");
    assert!(
        text.contains("py.param_types = [f64, !py.object]"),
        "{text}"
    );
}

/// The offsets of the backward jumps of a function.
fn backward_jumps(code: &Code) -> Vec<u32> {
    let program = Program::new(code).expect("a sound code object");
    let jumps = program
        .instructions()
        .iter()
        .filter(|instruction| instruction.opcode() == Opcode::JumpBackward);
    jumps.map(|instruction| instruction.start).collect()
}

fn lifted_from(code: &Code, entry: Entry) -> String {
    let context = create_context();
    let options = LiftOptions {
        entry: Some(entry),
        ..LiftOptions::default()
    };
    let module = lift(&context, code, &options).expect("a function that is lifted");
    print_module(&module, PrintOptions::default())
}

#[test]
fn a_function_begins_in_an_inner_loop() {
    let code = fixtures::function("loops", "nested");
    let mut unbound = vec![false; code.slots.len()];
    unbound[code.slots.len() - 1] = true;
    insta::assert_snapshot!(lifted_from(
        &code,
        Entry {
            offset: backward_jumps(&code)[0],
            unbound,
            stack: vec![Temporary::Object; 2],
        }
    ));
}

#[test]
fn a_function_begins_in_a_loop_over_a_range() {
    let code = fixtures::function("loops", "squares");
    insta::assert_snapshot!(lifted_from(
        &code,
        Entry {
            offset: backward_jumps(&code)[0],
            unbound: vec![false; code.slots.len()],
            stack: vec![Temporary::Null, Temporary::Object, Temporary::Range],
        }
    ));
}

#[test]
fn loops_of_baseline_code_count() {
    let context = create_context();
    let code = fixtures::function("loops", "count");
    let options = LiftOptions {
        baseline: true,
        ..LiftOptions::default()
    };
    let module = lift(&context, &code, &options).expect("a function that is lifted");
    let text = print_module(&module, PrintOptions::default());
    assert!(text.contains("py.baseline"), "{text}");
    assert_eq!(
        text.matches("{counts}").count(),
        backward_jumps(&code).len(),
        "{text}"
    );
}

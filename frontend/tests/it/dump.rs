//! Level `bytecode` of real functions, as text.

use crate::{fixtures, interpreter};
use stepwell_frontend::dump_bytecode;

const FIXTURES: [&str; 6] = [
    "basics",
    "loops",
    "exceptions",
    "calls",
    "generators",
    "namespaces",
];

#[test]
fn functions_are_printed() {
    for fixture in FIXTURES {
        let texts: Vec<String> = fixtures::codes(fixture)
            .iter()
            .map(|code| dump_bytecode(code).expect("a sound code object"))
            .collect();
        insta::assert_snapshot!(format!("bytecode_{fixture}"), texts.join("\n"));
    }
}

#[test]
fn fixtures_are_what_the_interpreter_compiles_today() {
    for fixture in FIXTURES {
        let source = fixtures::directory().join(format!("functions/{fixture}.py"));
        let source = source.to_str().expect("a readable path");
        if let Some(printed) = interpreter::run_tool("dump_code.py", &[source]) {
            assert_eq!(
                fixtures::parse(&printed),
                fixtures::codes(fixture),
                "{fixture}"
            );
        }
    }
}

#[test]
fn only_the_file_name_is_printed() {
    let mut code = fixtures::function("loops", "total");
    code.filename = "/home/somebody/project/loops.py".to_owned();
    let text = dump_bytecode(&code).expect("a sound code object");
    assert!(text.starts_with("code total (loops.py:1)\n"), "{text}");
}

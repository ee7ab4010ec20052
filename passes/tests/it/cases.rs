//! `tests/cases/<pass>/<what it shows>.mlir`: runs the pass alone, with the verifier on; what comes
//! out, or the error, is in the snapshot beside it.
//!
//! A case whose first line is `// passes: a,b,c` runs those instead.

use std::{fs, path::Path};
use stepwell_dialects::ir::{PrintOptions, create_context, parse_module, print_module};
use stepwell_passes::{PassError, PassManager, RunOptions, registry::parse_pipeline};

#[test]
fn passes_do_what_the_cases_show() {
    insta::glob!("../../../tests/cases", "*/*.mlir", |path| {
        let directory = path.parent().expect("a case is in a directory");
        let name = path
            .file_stem()
            .expect("a case has a name")
            .to_string_lossy();
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(directory);
        settings.set_prepend_module_to_snapshot(false);
        settings.remove_snapshot_suffix();
        settings.remove_input_file();
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(name.as_ref(), run_case(path)));
    });
}

fn run_case(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("the case can be read");
    let pipeline = pipeline_of(path, &text);
    let passes =
        parse_pipeline(&pipeline).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let context = create_context();
    let module =
        parse_module(&context, &text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let manager = PassManager::from_passes(passes, RunOptions::verified());
    match manager.run(&context, &module, &mut ()) {
        Ok(()) => {
            let text = print_module(&module, PrintOptions::default());
            read_back(path, &text);
            text
        }
        Err(PassError::Bug { pass, message, .. }) => format!("bug in {pass}: {message}"),
        Err(refusal) => format!("refused: {refusal}"),
    }
}

/// What passes make can be dumped, and the dump read again.
fn read_back(path: &Path, text: &str) {
    let context = create_context();
    let again = parse_module(&context, text)
        .unwrap_or_else(|error| panic!("{}: {error}\n{text}", path.display()));
    assert_eq!(print_module(&again, PrintOptions::default()), text);
}

fn pipeline_of(path: &Path, text: &str) -> String {
    let first = text.lines().next().unwrap_or_default();
    match first.strip_prefix("// passes:") {
        Some(passes) => passes.trim().to_owned(),
        None => {
            let directory = path.parent().and_then(Path::file_name);
            let name = directory.expect("a case is in a directory");
            name.to_string_lossy().into_owned()
        }
    }
}

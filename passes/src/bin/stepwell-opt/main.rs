//! `stepwell-opt` reads a module, runs passes over it and prints it.
//!
//! The module goes to standard output; diagnostics, and the IR between passes, to standard error.
//! It ends with 0 when all went well, 1 when the module or a pass failed, 2 when it was called wrongly.

mod arguments;
mod help;

use arguments::{Arguments, Command, Passes};
use std::{
    fs,
    io::{self, Read, Write},
    process::ExitCode,
};
use stepwell_dialects::ir::{PrintOptions, create_context, parse_module, print_module};
use stepwell_passes::{Observer, PassManager, PassOutcome, PassReport, RunOptions};

fn main() -> ExitCode {
    match Arguments::parse(std::env::args().skip(1)) {
        Ok(Command::Help) => print(&help::text()),
        Ok(Command::Run(arguments)) => match run(&arguments) {
            Ok(text) => print(&text),
            Err(message) => fail(1, &message),
        },
        Err(message) => fail(2, &format!("{message}\nSee stepwell-opt --help.")),
    }
}

/// A reader that has seen enough, such as `head`, is no failure.
fn print(text: &str) -> ExitCode {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            fail(1, &format!("cannot write: {error}"))
        }
        _ => ExitCode::SUCCESS,
    }
}

fn fail(code: u8, message: &str) -> ExitCode {
    eprintln!("stepwell-opt: {message}");
    ExitCode::from(code)
}

fn run(arguments: &Arguments) -> Result<String, String> {
    let text = read(&arguments.input)?;
    let context = create_context();
    let module = parse_module(&context, &text)
        .map_err(|error| places_in_file(&error.message, arguments.input_name()))?;
    let options = RunOptions {
        verify: arguments.verify_each,
        ..RunOptions::default()
    };
    let manager = match &arguments.passes {
        Passes::Named(passes) => PassManager::from_passes(passes.iter().copied(), options),
        Passes::ToLevel(level) => PassManager::to_level(*level, options),
    };
    let mut printer = Printer {
        enabled: arguments.print_ir_after_all,
        options: arguments.print,
    };
    manager
        .run(&context, &module, &mut printer)
        .map_err(|error| error.to_string())?;
    Ok(print_module(&module, arguments.print))
}

fn read(input: &Option<String>) -> Result<String, String> {
    let text = match input {
        Some(path) => fs::read_to_string(path),
        None => {
            let mut text = String::new();
            io::stdin().read_to_string(&mut text).map(|_| text)
        }
    };
    let name = input.as_deref().unwrap_or("standard input");
    text.map_err(|error| format!("cannot read {name}: {error}"))
}

/// Puts the name of the file in front of the places of MLIR's diagnostics, as editors read them.
fn places_in_file(message: &str, file: &str) -> String {
    let lines = message.lines().map(|line| {
        let place = line.strip_prefix("loc(\"-\":");
        place.and_then(|rest| rest.split_once("): ")).map_or_else(
            || line.to_owned(),
            |(place, text)| format!("{file}:{place}: {text}"),
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Shows the module behind each pass.
struct Printer {
    enabled: bool,
    options: PrintOptions,
}

impl Observer for Printer {
    fn after_pass(&mut self, report: PassReport, module: &melior::ir::Module) {
        if !self.enabled {
            return;
        }
        let outcome = match report.outcome {
            PassOutcome::Changed => "changed",
            PassOutcome::Unchanged => "unchanged",
        };
        let text = print_module(module, self.options);
        eprintln!("// ----- after {} ({outcome}) -----\n{text}", report.name);
    }
}

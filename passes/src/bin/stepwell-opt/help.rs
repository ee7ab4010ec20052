use std::fmt::Write;
use stepwell_passes::{Level, pipeline::PIPELINE, registry::PASSES};

const USAGE: &str = "\
Reads a module (the dialects py, num and state, and upstream's arith, cf, complex, func, llvm, math, memref, scf and
vector), runs passes over it, and prints it.

Usage: stepwell-opt [options] [file]

Without a file, or with -, the module is read from standard input.

Options:
  --passes=A,B,C         run these passes in this order
  --pass-pipeline=A,B,C  the same
  --to=LEVEL             run the pipeline from level py down to a level
  --print-ir-after-all   show the module behind each pass (on standard error)
  --verify-each=off      do not verify the module behind each pass
  --generic              print MLIR's generic form
  --locations            print source locations
  --help                 this text

It ends with 0 when all went well, 1 when the module or a pass failed, 2 when it was called wrongly.
";

/// The text of `--help`: options, then levels and passes as they are registered.
pub fn text() -> String {
    let mut text = USAGE.to_owned();
    text.push_str("\nLevels, and the passes that lead there:\n");
    for level in Level::ALL.into_iter().filter(|level| level.is_mlir()) {
        let stage = PIPELINE.iter().find(|stage| stage.level == level);
        let passes = stage.map_or(String::new(), |stage| stage.passes.join(", "));
        line(&mut text, 8, level.name(), &passes);
    }
    text.push_str("\nPasses:\n");
    let width = PASSES.iter().map(|pass| pass.name().len()).max();
    for pass in PASSES {
        line(
            &mut text,
            width.unwrap_or_default(),
            pass.name(),
            pass.description(),
        );
    }
    text
}

fn line(text: &mut String, width: usize, name: &str, description: &str) {
    let padded = format!("  {name:width$}  {description}");
    writeln!(text, "{}", padded.trim_end()).expect("a string takes it");
}

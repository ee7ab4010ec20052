//! A pass of one's own in the pipeline, on a module that is read from text.
//!
//! ```console
//! $ cargo run -p custom-pass                      # on the module in twice.mlir
//! $ cargo run -p custom-pass -- typed             # down to another level than py
//! ```
//!
//! [`double_by_adding`] is the pass: it implements the trait that Stepwell's own passes implement. `main` puts it behind
//! the level `py`, runs the pipeline down to a level, and prints what it saw on the way.

mod double_by_adding;

use double_by_adding::DoubleByAdding;
use melior::ir::Module;
use std::{env, error::Error};
use stepwell_dialects::ir::{PrintOptions, create_context, parse_module, print_module};
use stepwell_passes::{Anchor, Level, Observer, PassManager, PassReport, RunOptions};

/// `def twice(x): return x * 2`, as `stepwell.dump_ir(twice, "py")` shows it.
const TWICE: &str = include_str!("twice.mlir");

fn main() -> Result<(), Box<dyn Error>> {
    let level = env::args()
        .nth(1)
        .map_or(Ok(Level::Py), |word| word.parse())?;
    println!("{}", lower(TWICE, level)?);
    Ok(())
}

/// Brings a module of level `py` down to a level, with our pass on the way.
fn lower(text: &str, level: Level) -> Result<String, Box<dyn Error>> {
    let context = create_context();
    let module = parse_module(&context, text)?;
    let mut manager = PassManager::to_level(level, RunOptions::verified());
    manager.insert(&Anchor::After("py".to_owned()), Box::new(DoubleByAdding))?;
    manager.run(&context, &module, &mut Narrator)?;
    Ok(print_module(&module, PrintOptions::default()))
}

/// Tells of each pass, on standard error.
struct Narrator;

impl Observer for Narrator {
    fn after_pass(&mut self, report: PassReport, _: &Module) {
        eprintln!(
            "{}: {:?} in {:?}",
            report.name, report.outcome, report.duration
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_doubling_is_an_addition() {
        let text = lower(TWICE, Level::Py).expect("it runs");
        assert!(text.contains("py.binary add %x, %x"), "{text}");
    }

    #[test]
    fn other_multiplications_stay() {
        let tripled = TWICE.replace("= 2 : i64", "= 3 : i64");
        let text = lower(&tripled, Level::Py).expect("it runs");
        assert!(text.contains("py.binary multiply"), "{text}");
    }

    #[test]
    fn the_rest_of_the_pipeline_takes_it() {
        let text = lower(TWICE, Level::Llvm).expect("it runs");
        assert!(text.contains("llvm.func"), "{text}");
    }
}

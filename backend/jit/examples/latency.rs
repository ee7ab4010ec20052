//! Prints how long the steps of a compilation take, by optimisation level, and how much memory
//! remains in use after many units have come and gone.
//!
//! `cargo run --release -p stepwell-jit --example latency`

#[path = "../tests/support/mod.rs"]
mod support;

use std::time::{Duration, Instant};

use melior::ir::Module;
use stepwell_jit::{CompileOptions, Engine, EngineError, Timings};
use support::{ADD, LOOP, TABLE, context, module, resident_bytes};

const ROUNDS: usize = 200;
const UNITS: usize = 10_000;

fn main() -> Result<(), EngineError> {
    let context = context();
    let first = Instant::now();
    drop(Engine::get().compile(&module(&context, ADD), &CompileOptions::default())?);
    println!(
        "first compilation, with LLVM's initialisation: {:?}",
        first.elapsed()
    );

    println!("median of {ROUNDS}:  translate   optimise    codegen       link      total");
    for (name, source) in [("add", ADD), ("table", TABLE), ("loop", LOOP)] {
        let module = module(&context, source);
        for opt_level in 0..=3 {
            let options = CompileOptions {
                opt_level,
                vectorize: true,
            };
            measure(&format!("{name} -O{opt_level}"), &module, &options)?;
        }
        let scalar = CompileOptions {
            opt_level: 3,
            vectorize: false,
        };
        measure(&format!("{name} scalar"), &module, &scalar)?;
    }

    let module = module(&context, LOOP);
    for _ in 0..5 {
        for _ in 0..UNITS / 5 {
            drop(Engine::get().compile(&module, &CompileOptions::default())?);
        }
        println!("resident: {} KiB", resident_bytes() / 1024);
    }
    Ok(())
}

fn measure(name: &str, module: &Module, options: &CompileOptions) -> Result<(), EngineError> {
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        rounds.push(Engine::get().compile(module, options)?.timings());
    }
    let median = |step: fn(&Timings) -> Duration| {
        let mut values: Vec<_> = rounds.iter().map(step).collect();
        values.sort_unstable();
        format!("{:>10.1?}", values[values.len() / 2])
    };
    let steps = [
        median(|it| it.translate),
        median(|it| it.optimise),
        median(|it| it.codegen),
        median(|it| it.link),
        median(Timings::total),
    ];
    println!("{name:>14}  {}", steps.join(" "));
    Ok(())
}

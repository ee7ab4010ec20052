//! Removes each `py.check_frame` that has nothing to find.
//!
//! The frontend puts a check behind each call. What has become native since runs no Python, and so nobody can have
//! written to the locals or begun to trace.
//!
//! ```mlir
//! %1 = math.sqrt %0 : f64            =>     %1 = math.sqrt %0 : f64
//! py.check_frame at %s                      ...
//! ```
//!
//! *Requires*: nothing. *Ensures*: Python code can have run between a `py.check_frame` and the check, poll or entry in
//! front of it. *Not here*: what a check does (`expand-edges`).

use crate::{
    Pass, PassError, PassOutcome,
    cfg::{Cfg, erase, name_of},
    function::for_each_function,
};
use melior::{
    Context,
    ir::{Module, OperationRef},
};
use stepwell_dialects::{ir::operations, ownership::op_info};

/// See the [module](self).
#[derive(Debug)]
pub struct DropChecks;

impl Pass for DropChecks {
    fn name(&self) -> &str {
        "drop-checks"
    }

    fn description(&self) -> &str {
        "Remove checks of the frame that have nothing to find."
    }

    fn run<'c>(&self, context: &'c Context, module: &Module<'c>) -> Result<PassOutcome, PassError> {
        for_each_function("drop-checks", context, module, |function| {
            let cfg = Cfg::new(function.region);
            let clean = clean_at_start(&cfg);
            let mut idle = Vec::new();
            for (place, block) in cfg.blocks.iter().enumerate() {
                operations(*block)
                    .into_iter()
                    .fold(clean[place], |clean, op| {
                        if clean && name_of(op) == "py.check_frame" {
                            idle.push(op);
                        }
                        is_clean_after(clean, op)
                    });
            }
            idle.iter().for_each(|op| erase(*op));
            Ok(PassOutcome::from(!idle.is_empty()))
        })
    }
}

/// For each block, whether no Python code can have run before it since the entry or the last check, on any way there.
fn clean_at_start(cfg: &Cfg) -> Vec<bool> {
    let mut at_start = vec![true; cfg.blocks.len()];
    let mut at_end = at_start.clone();
    loop {
        let old = at_end.clone();
        for (place, block) in cfg.blocks.iter().enumerate() {
            at_start[place] = cfg.predecessors[place]
                .iter()
                .all(|(from, _)| at_end[*from]);
            at_end[place] = operations(*block)
                .into_iter()
                .fold(at_start[place], is_clean_after);
        }
        if at_end == old {
            return at_start;
        }
    }
}

/// A poll runs Python too, but it looks itself.
fn is_clean_after(clean: bool, op: OperationRef) -> bool {
    match name_of(op) {
        "py.check_frame" => true,
        "py.poll" => clean,
        name => clean && !op_info(name).is_some_and(|info| info.observes),
    }
}

//! Lowers objects to pointers and `py` to calls of the runtime.
//!
//! A function becomes `body(tstate, frame)`, which reads its parameters from the slots of its frame; a step of a
//! generator becomes `step(tstate, frame, sent)`. `!py.object` becomes `!llvm.ptr`, an op a call of the function that
//! `stepwell_abi` lists for it; the way that function reports failure becomes the op's `raised`.
//!
//! ```mlir
//! // before
//! %s = py.frame_state 24 locals() stack()
//! %r, %raised = py.load_attr %x, 0 "real" at %s catch i1
//! py.decref %x
//! cf.cond_br %raised, ^leave, ^next
//! // after
//! %here = llvm.getelementptr %code[24] : (!llvm.ptr) -> !llvm.ptr, i8
//! llvm.store %here, %instr_ptr : !llvm.ptr, !llvm.ptr
//! %name = llvm.load %refs invariant : !llvm.ptr -> !llvm.ptr
//! %r = call @PyObject_GetAttr(%x, %name) : (!llvm.ptr, !llvm.ptr) -> !llvm.ptr
//! %raised = llvm.icmp "eq" %r, %null : !llvm.ptr
//! call @decref(%x) : (!llvm.ptr) -> ()
//! cf.cond_br %raised, ^leave, ^next
//! ```
//!
//! The objects that the code refers to are in the table `@refs`, described by the module's attribute `stepwell.refs`;
//! the exits are numbered by `stepwell.exits`, rows of bytecode offset, source line and reason. The parameters that can be
//! any object, because they are passed on at most, are listed by `stepwell.untyped`. In front of each op that
//! can fail or run Python, the frame's instruction pointer is set, which tracebacks and `f_lineno` read.
//!
//! *Requires*: explicit edges, counted references. *Ensures*: no op of `py` and `state` remains. *Not here*: native
//! arithmetic; what the runtime functions do.

mod arrays;
mod attributes;
mod containers;
mod control;
mod emit;
mod entry;
mod exits;
mod frame;
mod frameless;
mod generators;
mod helpers;
mod indices;
mod inlining;
mod natives;
mod parking;
mod rows;
mod sequences;
mod spills;
mod tables;
mod tried;
mod values;

use crate::{
    Pass, PassError, PassOutcome,
    cfg::{Cfg, erase, name_of},
    function::{Function, for_each_function},
};
use emit::Lowering;
use melior::{
    Context,
    ir::{BlockLike, Module, OperationRef, Value, ValueLike},
};
use stepwell_dialects::ir::{blocks, operations};
use tables::Tables;

/// See the [module](self).
#[derive(Debug)]
pub struct LowerPyToCalls;

const NAME: &str = "lower-py-to-calls";

impl Pass for LowerPyToCalls {
    fn name(&self) -> &str {
        NAME
    }

    fn description(&self) -> &str {
        "Lower objects to pointers and py to calls of the runtime."
    }

    fn run<'c>(&self, context: &'c Context, module: &Module<'c>) -> Result<PassOutcome, PassError> {
        let mut tables = Tables::default();
        let outcome = for_each_function(NAME, context, module, |function| {
            if entry::is_lowered(function) {
                return Ok(PassOutcome::Unchanged);
            }
            lower_function(function, &mut tables)?;
            Ok(PassOutcome::Changed)
        })?;
        if outcome == PassOutcome::Changed {
            tables.write(NAME, context, module)?;
        }
        Ok(outcome)
    }
}

fn lower_function<'c>(function: &Function<'c, '_>, tables: &mut Tables) -> Result<(), PassError> {
    let cfg = Cfg::new(function.region);
    let mut lowering = entry::enter(function, &cfg, tables)?;
    lowering.indices = indices::find(function, &cfg);
    for block in &cfg.blocks {
        retype_arguments(function, *block);
    }
    exits::lower(&mut lowering, &cfg);
    if !lowering.nosign {
        spills::find(function, &cfg);
    }
    for block in &cfg.blocks {
        let ops = operations(*block);
        frameless::begin_leave(&mut lowering, *block);
        for op in ops {
            lower_op(&mut lowering, op)?;
        }
    }
    frameless::finish(&mut lowering)?;
    let all = blocks(function.region).into_iter().flat_map(operations);
    all.filter(|op| name_of(*op) == "py.frame_state")
        .collect::<Vec<_>>()
        .into_iter()
        .for_each(erase);
    inlining::choose(function);
    entry::sign(function);
    Ok(())
}

fn retype_arguments<'c>(function: &Function<'c, '_>, block: melior::ir::BlockRef<'c, '_>) {
    let arguments = (0..block.argument_count()).filter_map(|index| block.argument(index).ok());
    for argument in arguments {
        let value: Value = argument.into();
        if value.r#type() == function.types.object {
            argument.set_type(function.types.ptr);
        }
    }
}

fn lower_op<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    op: OperationRef<'c, 'a>,
) -> Result<(), PassError> {
    let name = name_of(op);
    if name == "func.return" {
        frameless::complete_return(lowering, op);
    }
    if !name.starts_with("py.") && !name.starts_with("state.") || name == "py.frame_state" {
        return Ok(());
    }
    frame::set_instruction(lowering, op);
    let lowered = indices::lower(lowering, op)
        || values::lower(lowering, op)
        || arrays::lower(lowering, op)
        || attributes::lower(lowering, op)
        || tried::lower(lowering, op)
        || sequences::lower(lowering, op)
        || frameless::lower(lowering, op)
        || frame::lower(lowering, op)
        || control::lower(lowering, op)
        || containers::lower(lowering, op)
        || parking::lower(lowering, op)
        || generators::lower(lowering, op)?
        || rows::lower(lowering, op);
    if !lowered {
        return Err(lowering.function.bug(format!("nothing lowers {name}")));
    }
    erase(op);
    Ok(())
}

//! `lower-num-to-arith`: spells Python's rules for numbers out in machine arithmetic.
//!
//! ```text
//!   %2 = num.add %0, %1 at %s
//! ```
//! becomes
//! ```text
//!   %2 = "llvm.intr.sadd.with.overflow"(%0, %1) : (i64, i64) -> !llvm.struct<(i64, i1)>
//!   %3 = llvm.extractvalue %2[0] : !llvm.struct<(i64, i1)>
//!   %4 = llvm.extractvalue %2[1] : !llvm.struct<(i64, i1)>
//!   %5 = arith.xori %4, %true : i1
//!   num.guard %5 at %s "integer overflow"
//! ```
//!
//! What can go wrong becomes a `num.guard` with its reason, in front of the op that would trap or be
//! undefined: a guard that fails never comes to it, and no result is used behind it. Powers, float
//! remainders and complex division are calls of the runtime, which has the interpreter's algorithms. The attributes
//! `nosign` and `overflow` choose the form for modes whose integers are not Python's.
//!
//! What cannot go wrong, since its operands are between bounds that are known (`analysis/intervals.rs`), is one op of the
//! machine without a guard.
//!
//! *Requires* the ops of `num` in any position.
//! *Ensures* that of `num` only `num.guard` is left. Runtime functions that are called are declared.
//! *Not here*: making branches of the guards (`expand-edges`).

mod arrays;
mod calls;
mod choices;
mod complex;
mod division;
mod emit;
mod floats;
mod integers;
mod memory;
mod plain;
mod ranges;
mod rule;

use crate::{
    Pass, PassError, PassOutcome,
    builder::erase,
    collections::IndexSet,
    inspect::{int_attribute, op_key, op_name, result, str_attribute},
    modes::Numbers,
    transform::strip_mine_loops::EXACT,
};
use emit::{Emitter, Site};
use melior::{
    Context,
    ir::{
        Attribute, Module, OperationRef, RegionLike, Value, ValueLike,
        attribute::{ArrayAttribute, StringAttribute},
        operation::{OperationLike, OperationMutLike, OperationRefMut},
    },
};
use rule::Rule;
use stepwell_dialects::ir::{blocks, functions, operations, replace_uses};

/// See the module.
#[derive(Clone, Copy, Debug)]
pub struct LowerNumToArith;

impl Pass for LowerNumToArith {
    fn name(&self) -> &str {
        "lower-num-to-arith"
    }

    fn description(&self) -> &str {
        "Spell Python's rules for numbers out in machine arithmetic and guards."
    }

    fn run<'c>(&self, context: &'c Context, module: &Module<'c>) -> Result<PassOutcome, PassError> {
        let mut changed = write_assumed_names(context, module);
        for function in functions(module) {
            let region = function.region(0).ok();
            if let Some(entry) = region.and_then(|region| region.first_block()) {
                let words = calls::most_words(function);
                let own = Numbers::of(function).own;
                let site = Site::new(context, module.body(), entry, own, words);
                changed |= lower_function(&site, function);
                changed |= relax(context, function);
            }
        }
        Ok(changed.into())
    }
}

/// Lists the names of `num.assume` in the module's attribute `stepwell.assumes`.
fn write_assumed_names<'c>(context: &'c Context, module: &Module<'c>) -> bool {
    let ops = functions(module).into_iter().flat_map(|function| {
        let regions: Vec<_> = function.regions().collect();
        regions.into_iter().flat_map(blocks).flat_map(operations)
    });
    let names: IndexSet<_> = ops
        .filter(|op| op_name(*op) == "num.assume")
        .filter_map(|op| str_attribute(op, "name"))
        .collect();
    if names.is_empty() {
        return false;
    }
    let names: Vec<Attribute> = names
        .into_iter()
        .map(|name| StringAttribute::new(context, name).into())
        .collect();
    // SAFETY: the module is alive, and nobody else holds a mutable reference to its op.
    let mut op = unsafe { OperationRefMut::from_raw(module.as_operation().to_raw()) };
    op.set_attribute(
        "stepwell.assumes",
        ArrayAttribute::new(context, &names).into(),
    );
    true
}

fn lower_function<'c, 'a>(site: &Site<'c, 'a>, function: OperationRef<'c, 'a>) -> bool {
    let ops: Vec<_> = function
        .regions()
        .flat_map(blocks)
        .flat_map(operations)
        .collect();
    let plain = plain::find(&site.types, function);
    let mut changed = false;
    for op in ops {
        if op_name(op) == "num.quiet" {
            changed |= arrays::quiet(site, op).is_some();
            continue;
        }
        if op_name(op) == "num.mulmod" {
            changed |= division::modulo_of_product(site, op).is_some();
            continue;
        }
        if op_name(op) == "num.call" {
            changed |= replace_call(&site.emitter(op), op).is_some();
            continue;
        }
        if matches!(
            op_name(op),
            "num.assume" | "num.keep" | "num.restore" | "num.store"
        ) {
            let emitter = site.emitter(op);
            match op_name(op) {
                "num.assume" => calls::assume(&emitter, op),
                "num.keep" => arrays::keep(&emitter, op, "sw_keep"),
                "num.restore" => arrays::keep(&emitter, op, "sw_restore"),
                _ => memory::store(&emitter, op),
            }
            erase(op);
            changed = true;
            continue;
        }
        let emitter = site.emitter(op);
        let value = match plain.contains(&op_key(op)) {
            true => plain::lower(&emitter, op),
            false => lower(&emitter, op),
        };
        if let (Some(value), Some(old)) = (value, result(op, 0)) {
            replace_uses(old, value);
            erase(op);
            changed = true;
        }
    }
    changed
}

/// The results of a call, of which there may be several.
fn replace_call<'c, 'a>(emitter: &Emitter<'_, 'c, 'a>, op: OperationRef<'c, 'a>) -> Option<()> {
    let operands: Vec<_> = op.operands().collect();
    let (state, inputs) = operands.split_last()?;
    let results = calls::call(emitter, Rule::of(op), op, inputs, *state)?;
    for (old, new) in op.results().zip(results) {
        replace_uses(old.into(), new);
    }
    erase(op);
    Some(())
}

/// Gives the ops on floats the flags of the function's `py.fastmath`.
fn relax<'c>(context: &'c Context, function: OperationRef<'c, '_>) -> bool {
    let Some(flags) = str_attribute(function, "py.fastmath") else {
        return false;
    };
    let Some(flags) = Attribute::parse(context, &format!("#arith.fastmath<{flags}>")) else {
        return false;
    };
    let all = function.regions().flat_map(blocks).flat_map(operations);
    let relaxed = |op: &OperationRef| RELAXED.contains(&op_name(*op)) && !op.has_attribute(EXACT);
    for op in all.filter(relaxed) {
        // SAFETY: the op is alive, and nobody else holds a mutable reference to it.
        let mut op = unsafe { OperationRefMut::from_raw(op.to_raw()) };
        op.set_attribute("fastmath", flags);
    }
    true
}

/// Ops on floats that take flags.
const RELAXED: [&str; 5] = [
    "arith.addf",
    "arith.subf",
    "arith.mulf",
    "arith.divf",
    "arith.negf",
];

/// What an op computes, by other ops; `None` for an op that is not lowered here.
fn lower<'c, 'a>(emitter: &Emitter<'_, 'c, 'a>, op: OperationRef<'c, 'a>) -> Option<Value<'c, 'a>> {
    let operands: Vec<_> = op.operands().collect();
    let rule = Rule::of(op);
    Some(match (op_name(op), &operands[..]) {
        ("num.add", &[lhs, rhs, state]) => integers::checked(emitter, rule, "add", lhs, rhs, state),
        ("num.sub", &[lhs, rhs, state]) => integers::checked(emitter, rule, "sub", lhs, rhs, state),
        ("num.mul", &[lhs, rhs, state]) => integers::checked(emitter, rule, "mul", lhs, rhs, state),
        ("num.neg", &[value, state]) => integers::negate(emitter, rule, value, state),
        ("num.abs", &[value, state]) => integers::absolute(emitter, rule, value, state),
        ("num.floordiv", &[lhs, rhs, state]) => {
            division::floor_divide(emitter, rule, lhs, rhs, state)
        }
        ("num.mod", &[lhs, rhs, state]) => division::modulo(emitter, rule, lhs, rhs, state),
        ("num.shl", &[lhs, rhs, state]) => integers::shift_left(emitter, rule, lhs, rhs, state),
        ("num.shr", &[lhs, rhs, state]) => integers::shift_right(emitter, rule, lhs, rhs, state),
        ("num.pow", &[lhs, rhs, state]) => integers::power(emitter, rule, lhs, rhs, state),
        ("num.fit", &[value, state]) => integers::fit(emitter, rule, op, value, state)?,
        ("num.truediv", &[lhs, rhs, state]) => {
            floats::divide_integers(emitter, rule, lhs, rhs, state)
        }
        ("num.divf", &[lhs, rhs, state]) => floats::divide(emitter, lhs, rhs, state),
        ("num.floordivf", &[lhs, rhs, state]) => floats::floor_divide(emitter, lhs, rhs, state),
        ("num.modf", &[lhs, rhs, state]) => floats::modulo(emitter, lhs, rhs, state),
        ("num.powf", &[lhs, rhs, state]) => floats::power(emitter, op, [lhs, rhs], state)?,
        ("num.cmp_mixed", &[lhs, rhs, state]) => {
            floats::compare(emitter, rule, op, lhs, rhs, state)?
        }
        ("num.float_to_int", &[value, state]) => floats::truncate(emitter, rule, value, state),
        ("num.divc", &[lhs, rhs, state]) => complex::divide(emitter, lhs, rhs, state),
        ("num.powc", &[lhs, rhs, state]) => complex::power(emitter, lhs, rhs, state),
        ("num.absc", &[value, state]) => complex::absolute(emitter, value, state),
        ("num.index", &[index, length, _]) if op.has_attribute(memory::UNCHECKED) => {
            arrays::unchecked_index(emitter, index, length)
        }
        ("num.index", &[index, length, state]) => arrays::index(emitter, op, index, length, state)?,
        ("num.load", &[pointer, index, state]) => memory::load(emitter, op, pointer, index, state),
        ("num.offset", &[pointer, count, state]) => {
            memory::offset(emitter, op, pointer, count, state)
        }
        ("num.pack", parts) => memory::pack(emitter, parts, result(op, 0)?.r#type()),
        ("num.part", &[record]) => {
            let index = int_attribute(op, "index")?;
            emitter.member(record, index, result(op, 0)?.r#type())
        }
        ("num.choose", [index, items @ ..]) => choices::choose(emitter, *index, items)?,
        ("num.range_length", &[start, stop, step, state]) => {
            ranges::length(emitter, [start, stop, step], state)
        }
        _ => return None,
    })
}

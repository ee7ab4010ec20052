//! Whether a loop can be strip-mined, and what for that has to be tested and copied.

use super::{
    bounds::{self, Bounds},
    guards::{Extent, IndexTest},
    kept::Kept,
    shape::{CountedLoop, argument_of},
};
use crate::{
    analysis::slots::defining_op,
    cfg::{edges, name_of, op_key, operand_of, value_key},
    collections::IndexSet,
    function::Function,
    inspect::{arith_constant, result},
    transform::hoist_checks::BEHIND_POLL,
};
use melior::ir::{OperationRef, Value, ValueLike, operation::OperationLike};
use stepwell_dialects::ir::{Types, operations, uses};

/// Loops with more ops are not copied: they take their time anyway.
const LARGE: usize = 120;
/// Loops that are known to have no more iterations are left for LLVM to unroll.
const SHORT: i64 = 64;

/// A loop to strip-mine.
pub struct Plan<'c, 'a> {
    pub found: CountedLoop<'c, 'a>,
    pub bounds: Bounds<'c, 'a>,
    pub indices: Vec<IndexTest<'c, 'a>>,
    /// What is kept of what a strip overwrites, if it can turn out to have been wrong.
    pub kept: Vec<Kept<'c, 'a>>,
    /// Pairs of memory areas that must not overlap.
    pub apart: Vec<(Extent<'c, 'a>, Extent<'c, 'a>)>,
    /// Whether an iteration writes to memory.
    pub writes: bool,
    /// Whether a strip can end in the middle of an iteration: the old loop does that one, from its start.
    pub leaves: bool,
    /// The ops (by key) that are indices which follow no rule; each is looked at.
    pub wild: IndexSet<usize>,
    /// Whether a strip can turn out to have been wrong.
    pub doubts: bool,
    /// The results (by key) of which each has to be looked at.
    pub watched: IndexSet<usize>,
    /// The arguments of the head that are looked at behind the strip.
    pub watched_sums: Vec<usize>,
}

impl<'c, 'a> Plan<'c, 'a> {
    /// Nothing when the loop has to stay as it is.
    pub fn new(function: &Function<'c, 'a>, found: CountedLoop<'c, 'a>) -> Option<Self> {
        let types = function.types;
        if found.is_shorter_than(SHORT) {
            return None;
        }
        let ops: Vec<_> = found.blocks.iter().copied().flat_map(operations).collect();
        let mut kept = Vec::new();
        for op in &ops {
            match treatment(*op) {
                Treatment::Drop => {}
                Treatment::Keep => kept.push(*op),
                Treatment::Impossible => return None,
            }
        }
        if kept.len() > LARGE || !kept.iter().all(|op| is_fed(types, &found, *op)) {
            return None;
        }
        let bounds = bounds::prove(&found, types.i64)?;
        let (indices, wild) = index_tests(&found, &kept);
        let named = |name| kept.iter().filter(move |op| name_of(**op) == name).copied();
        let writes = named("py.set_element").next().is_some();
        let quiets: Vec<_> = ops
            .iter()
            .filter(|op| name_of(**op) == "num.quiet")
            .copied()
            .collect();
        let doubts = !quiets.is_empty() || named("num.divf").next().is_some();
        let ends = |op: &OperationRef<'c, 'a>| {
            name_of(*op) == "num.guard"
                || wild.contains(&op_key(*op))
                || (0..op.result_count())
                    .filter_map(|index| result(*op, index))
                    .any(|value| bounds.tested.contains(&value_key(value)))
                || !found.is_in_head(*op)
                    && edges(*op).iter().any(|edge| !found.contains(edge.target))
        };
        let last_end = kept.iter().rposition(ends);
        let first_write = (kept.iter()).position(|op| name_of(*op) == "py.set_element");
        let overwritten = match writes && doubts {
            true => overwritten(&found, &wild, &kept),
            false => Vec::new(),
        };
        let is_tried = writes && doubts && overwritten.is_empty();
        // An iteration that is done once more must not have written, nor may it be tried.
        if let (Some(end), Some(write)) = (last_end, first_write)
            && (is_tried || write < end)
        {
            return None;
        }
        let apart = match is_tried {
            true => areas(&found, &kept)?,
            false => Vec::new(),
        };
        let (watched, watched_sums) = watched(&found, &quiets);
        Some(Self {
            found,
            bounds,
            indices,
            kept: overwritten,
            apart,
            writes,
            leaves: last_end.is_some(),
            wild,
            doubts,
            watched,
            watched_sums,
        })
    }
}

impl Plan<'_, '_> {
    /// Whether a strip is run for the question alone whether it is right, before it writes.
    pub fn is_tried(&self) -> bool {
        self.doubts && self.writes && self.kept.is_empty()
    }
}

/// What becomes of an op in a strip.
enum Treatment {
    /// It serves frame states only, or is replaced by what is tested outside.
    Drop,
    Keep,
    Impossible,
}

fn treatment(op: OperationRef) -> Treatment {
    let name = name_of(op);
    let by_constant = |accepts: fn(i64) -> bool| match operand_of(op, 1).and_then(arith_constant) {
        Some(constant) if accepts(constant) => Treatment::Keep,
        _ => Treatment::Impossible,
    };
    match name {
        // There is no poll in a strip.
        _ if op.has_attribute(BEHIND_POLL) => Treatment::Drop,
        "py.frame_state"
        | "py.poll"
        | "py.confirm"
        | "py.confirm_sequence"
        | "py.check_frame"
        | "num.quiet" => Treatment::Drop,
        "py.box" | "py.box_numpy" | "py.range_iterator" | "py.constant" | "py.known"
        | "py.method" | "py.null" | "py.none" => Treatment::Drop,
        "py.build_tuple" | "py.tuple_iterator" if op.has_attribute("py.lazy") => Treatment::Drop,
        "py.element" | "py.read_item" | "py.set_element" => Treatment::Keep,
        "num.guard" | "cf.br" | "cf.cond_br" => Treatment::Keep,
        "num.add" | "num.sub" | "num.mul" | "num.neg" | "num.abs" | "num.index" | "num.divf" => {
            Treatment::Keep
        }
        "num.mod" | "num.floordiv" => by_constant(|by| by > 0),
        "num.shl" | "num.shr" => by_constant(|by| (0..62).contains(&by)),
        _ if ["arith.div", "arith.rem", "arith.ceildiv", "arith.floordiv"]
            .iter()
            .any(|start| name.starts_with(start) && !name.ends_with('f')) =>
        {
            Treatment::Impossible
        }
        _ if ["arith.", "math.", "complex."]
            .iter()
            .any(|dialect| name.starts_with(dialect)) =>
        {
            Treatment::Keep
        }
        _ => Treatment::Impossible,
    }
}

/// Whether an op that is kept takes nothing that is dropped; its state is not taken either.
fn is_fed<'c, 'a>(types: Types<'c>, found: &CountedLoop<'c, 'a>, op: OperationRef<'c, 'a>) -> bool {
    op.operands().all(|value: Value<'c, 'a>| {
        value.r#type() == types.state
            || !found.defines(value)
            || types.is_native(value.r#type()) && !defining_op(value).is_some_and(is_dropped)
    })
}

/// (A poll's `raised` is false where nothing is polled.)
fn is_dropped(op: OperationRef) -> bool {
    name_of(op).starts_with("py.")
        && !matches!(name_of(op), "py.element" | "py.read_item" | "py.poll")
}

/// The tests that keep each index in bounds, and (by key) the indices that follow no rule.
fn index_tests<'c, 'a>(
    found: &CountedLoop<'c, 'a>,
    kept: &[OperationRef<'c, 'a>],
) -> (Vec<IndexTest<'c, 'a>>, IndexSet<usize>) {
    let mut tests = Vec::new();
    let mut wild = IndexSet::default();
    for op in kept.iter().filter(|op| name_of(**op) == "num.index") {
        match index_test(found, *op) {
            Some(test) => tests.push(test),
            None => {
                wild.insert(op_key(*op));
            }
        }
    }
    (tests, wild)
}

fn index_test<'c, 'a>(
    found: &CountedLoop<'c, 'a>,
    op: OperationRef<'c, 'a>,
) -> Option<IndexTest<'c, 'a>> {
    let (index, length) = (operand_of(op, 0)?, operand_of(op, 1)?);
    let known = arith_constant(length).is_some() || !found.defines(length);
    let (index, plus) = affine(found, index)?;
    known.then_some(IndexTest {
        index,
        plus,
        length,
    })
}

/// An index as the item of the range, or a value from outside (then first), and what is added.
fn affine<'c, 'a>(
    found: &CountedLoop<'c, 'a>,
    index: Value<'c, 'a>,
) -> Option<(Option<Value<'c, 'a>>, i64)> {
    const NEAR: std::ops::RangeInclusive<i64> = -(1 << 30)..=1 << 30;
    if !found.defines(index) {
        return Some((Some(index), 0));
    }
    if let Some(op) = defining_op(index) {
        let by = operand_of(op, 1).and_then(arith_constant)?;
        let (of, plus) = affine(found, operand_of(op, 0)?)?;
        let plus = match name_of(op) {
            "num.add" | "arith.addi" => plus.checked_add(by)?,
            "num.sub" | "arith.subi" => plus.checked_sub(by)?,
            _ => return None,
        };
        return NEAR.contains(&plus).then_some((of, plus));
    }
    (argument_of(found.head, index) == Some(found.item)).then_some((None, 0))
}

/// What a strip overwrites, if all of that can be kept.
fn overwritten<'c, 'a>(
    found: &CountedLoop<'c, 'a>,
    wild: &IndexSet<usize>,
    kept: &[OperationRef<'c, 'a>],
) -> Vec<Kept<'c, 'a>> {
    let writes = kept.iter().filter(|op| name_of(**op) == "py.set_element");
    let all = writes.map(|op| Kept::of(found, wild, *op));
    let all = all.collect::<Option<Vec<_>>>();
    all.filter(|all| all.len() <= stepwell_abi::BUFFERS)
        .unwrap_or_default()
}

/// The areas that must be apart, if a strip is run twice: what it writes and what it reads elsewhere.
#[allow(clippy::type_complexity)]
fn areas<'c, 'a>(
    found: &CountedLoop<'c, 'a>,
    kept: &[OperationRef<'c, 'a>],
) -> Option<Vec<(Extent<'c, 'a>, Extent<'c, 'a>)>> {
    let named = |name| kept.iter().filter(move |op| name_of(**op) == name);
    let mut pairs = Vec::new();
    for write in named("py.set_element") {
        for read in named("py.element") {
            let same = |read_at: usize, write_at: usize| {
                let (read, write) = (operand_of(*read, read_at)?, operand_of(*write, write_at)?);
                Some(value_key(read) == value_key(write))
            };
            // The place that is written is read before it is written, in each run.
            if same(1, 2)? && same(2, 3)? {
                continue;
            }
            pairs.push((
                Extent::of(found, operand_of(*write, 2)?, *write)?,
                Extent::of(found, operand_of(*read, 1)?, *read)?,
            ));
        }
    }
    Some(pairs)
}

/// Which results have to be looked at for NumPy's warnings. One that is not finite makes the sum, difference or product that
/// it goes into not finite either, so that only the last of a chain is looked at: each time, or at the end of the strip
/// if it is carried from one iteration to the next.
fn watched<'c, 'a>(
    found: &CountedLoop<'c, 'a>,
    quiets: &[OperationRef<'c, 'a>],
) -> (IndexSet<usize>, Vec<usize>) {
    let quiet: IndexSet<_> = quiets
        .iter()
        .filter_map(|op| Some(value_key(operand_of(*op, 0)?)))
        .collect();
    let is_absorbed = |value: Value<'c, 'a>, at: Option<OperationRef<'c, 'a>>| {
        uses(value).into_iter().any(|(user, _)| {
            matches!(name_of(user), "arith.addf" | "arith.subf" | "arith.mulf")
                && user.block() == at.and_then(|op| op.block())
                && result(user, 0).is_some_and(|result| quiet.contains(&value_key(result)))
        })
    };
    let latches = found.latches();
    let single = found.blocks.len() == 2 && latches.len() == 1;
    let mut watched = IndexSet::default();
    let mut sums = Vec::new();
    for op in quiets {
        let Some(value) = operand_of(*op, 0) else {
            continue;
        };
        if is_absorbed(value, Some(*op)) {
            continue;
        }
        let carried = latches[0]
            .iter()
            .position(|next| value_key(*next) == value_key(value));
        let argument = carried.map(|index| found.arguments()[index]);
        let absorbs_itself =
            single && argument.is_some_and(|argument| is_absorbed(argument, Some(*op)));
        match carried.filter(|_| absorbs_itself) {
            Some(index) => sums.push(index),
            None => {
                watched.insert(value_key(value));
            }
        }
    }
    (watched, sums)
}

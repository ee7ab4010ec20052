//! Which loops consume generators that can be inlined.

use super::{Callees, INLINED};
use crate::{
    analysis::numbers::arguments,
    cfg::{Cfg, Edge, edges, name_of, operand_of},
    function::{Function, failure_branch},
    inspect::{defined_by, int_attribute, result, str_attribute},
};
use melior::ir::{
    Attribute, BlockRef, OperationRef, Value,
    attribute::{AttributeLike, FloatAttribute, IntegerAttribute},
    operation::OperationLike,
};
use stepwell_dialects::ir::{blocks, operations, uses};

/// A loop over a generator.
pub struct Loop<'c, 'a> {
    /// The global that makes the generator.
    pub name: &'c str,
    /// The step of the generator, which is copied.
    pub callee: OperationRef<'c, 'a>,
    /// The generator.
    pub generator: Value<'c, 'a>,
    /// What it was made with.
    pub arguments: Vec<Value<'c, 'a>>,
    /// `py.get_iter`
    pub get_iter: OperationRef<'c, 'a>,
    /// `py.for_iter`
    pub for_iter: OperationRef<'c, 'a>,
    /// The frame state of `for_iter`.
    pub state: OperationRef<'c, 'a>,
    /// The block of `for_iter`, and the one that decides whether there was an item if that is another.
    pub head: BlockRef<'c, 'a>,
    pub decision: Option<BlockRef<'c, 'a>>,
    /// Where the loop goes on with an item, and without.
    pub body: Edge<'c, 'a>,
    pub exit: Edge<'c, 'a>,
}

/// The next loop to inline: one of the function's own, or one in an inlined body.
pub fn find<'c, 'a>(
    function: &Function<'c, 'a>,
    callees: &Callees<'c, 'a>,
    inner: bool,
) -> Option<Loop<'c, 'a>> {
    let cfg = Cfg::new(function.region);
    let mut all = cfg.blocks.iter().flat_map(|block| operations(*block));
    all.find_map(|op| {
        let wanted = name_of(op) == "py.for_iter" && op.has_attribute(INLINED) == inner;
        wanted.then(|| recognise(&cfg, callees, op)).flatten()
    })
}

fn recognise<'c, 'a>(
    cfg: &Cfg<'c, 'a>,
    callees: &Callees<'c, 'a>,
    for_iter: OperationRef<'c, 'a>,
) -> Option<Loop<'c, 'a>> {
    let iterator = operand_of(for_iter, 0)?;
    let get_iter = defined_by(iterator, "py.get_iter")?;
    let generator = operand_of(get_iter, 0)?;
    let call = defined_by(generator, "py.call")?;
    let global = defined_by(operand_of(call, 0)?, "py.load_global")?;
    defined_by(operand_of(call, 1)?, "py.null")?;
    let name = str_attribute(global, "name")?;
    let callee = *callees.get(name)?;
    let arguments = arguments(call);
    let fits = int_attribute(callee, "py.argcount") == Some(arguments.len() as i64)
        && !call.has_attribute("kwnames")
        && is_simple(callee);
    let hidden = is_seen_only_by(iterator, &["py.for_iter", "py.frame_state"])
        && is_seen_only_by(generator, &["py.get_iter", "py.call", "py.frame_state"])
        && users(iterator, "py.for_iter") == 1
        && users(generator, "py.get_iter") == 1;
    let state = defined_by(operand_of(for_iter, 1)?, "py.frame_state")?;
    let head = for_iter.block()?;
    let (decision, branch) = decision(cfg, for_iter)?;
    let mut ways = edges(branch).into_iter();
    let (exit, body) = (ways.next()?, ways.next()?);
    let entered_once = predecessors(cfg, body.target) == 1;
    (fits && hidden && entered_once && is_bare(head) && get_iter.block() != Some(head)).then_some(
        Loop {
            name,
            callee,
            generator,
            arguments,
            get_iter,
            for_iter,
            state,
            head,
            decision,
            body,
            exit,
        },
    )
}

/// The branch on whether there is an item, and its block if that is not the head.
fn decision<'c, 'a>(
    cfg: &Cfg<'c, 'a>,
    for_iter: OperationRef<'c, 'a>,
) -> Option<(Option<BlockRef<'c, 'a>>, OperationRef<'c, 'a>)> {
    let exhausted = result(for_iter, 1)?;
    let (branch, _) = uses(exhausted).into_iter().next()?;
    let alone = uses(exhausted).len() == 1 && name_of(branch) == "cf.cond_br";
    let block = branch.block()?;
    if !alone || Some(block) == for_iter.block() {
        return alone.then_some((None, branch));
    }
    let next = edges(failure_branch(for_iter)?).into_iter().nth(1)?;
    let follows = next.target == block && next.operands.is_empty();
    let bare = operations(block).len() == 1 && predecessors(cfg, block) == 1;
    (follows && bare).then_some((Some(block), branch))
}

fn predecessors(cfg: &Cfg, block: BlockRef) -> usize {
    cfg.place(block)
        .map_or(0, |place| cfg.predecessors[place].len())
}

/// Whether a head holds nothing but the iteration.
fn is_bare(head: BlockRef) -> bool {
    operations(head)
        .into_iter()
        .all(|op| matches!(name_of(op), "py.frame_state" | "py.for_iter" | "cf.cond_br"))
}

fn is_seen_only_by(value: Value, names: &[&str]) -> bool {
    uses(value)
        .into_iter()
        .all(|(op, _)| names.contains(&name_of(op)))
}

fn users(value: Value, name: &str) -> usize {
    let users = uses(value).into_iter();
    users.filter(|(op, _)| name_of(*op) == name).count()
}

/// What a body may consist of. All else has effects, or means something else in another function.
const ALLOWED: &[&str] = &[
    "arith.constant",
    "cf.br",
    "cf.cond_br",
    "py.binary",
    "py.box",
    "py.call",
    "py.call_intrinsic_1",
    "py.check_bound",
    "py.check_frame",
    "py.compare",
    "py.constant",
    "py.fetch_exception",
    "py.for_iter",
    "py.frame_state",
    "py.get_iter",
    "py.is",
    "py.load_attr",
    "py.load_global",
    "py.load_local",
    "py.none",
    "py.null",
    "py.poll",
    "py.propagate",
    "py.reraise",
    "py.store_local",
    "py.truth",
    "py.unary",
    "state.return",
    "state.sent",
    "state.yield",
];

/// A constant that has no machine form is in the table of its own code object.
fn is_constant_object(op: OperationRef) -> bool {
    name_of(op) == "py.constant"
        && !op
            .attribute("value")
            .is_ok_and(|value| value.is_unit() || is_machine_number(value))
}

/// Whether a constant is an `i64`, an `f64` or an `i1`.
pub fn is_machine_number(value: Attribute) -> bool {
    let integer = IntegerAttribute::try_from(value)
        .is_ok_and(|value| matches!(value.r#type().to_string().as_str(), "i64" | "i1"));
    integer
        || FloatAttribute::try_from(value).is_ok_and(|value| value.r#type().to_string() == "f64")
}

/// Whether a generator yields at one place, has no handler but the one that every generator has, and reads its
/// arguments at its beginning.
fn is_simple(callee: OperationRef) -> bool {
    let Ok(region) = callee.region(0) else {
        return false;
    };
    let all = blocks(region);
    let count = |name: &str| {
        let ops = all.iter().flat_map(|block| operations(*block));
        ops.filter(|op| name_of(*op) == name).count()
    };
    let delegates = all
        .iter()
        .flat_map(|block| operations(*block))
        .any(|op| op.has_attribute("delegating"));
    let loads_late = all
        .iter()
        .skip(1)
        .flat_map(|block| operations(*block))
        .any(|op| name_of(op) == "py.load_local");
    let handlers_end = all.iter().all(|block| {
        let ops = operations(*block);
        let handles = ops.iter().any(|op| name_of(*op) == "py.fetch_exception");
        !handles || ops.last().is_some_and(|op| op.successor_count() == 0)
    });
    let known = all
        .iter()
        .flat_map(|block| operations(*block))
        .all(|op| ALLOWED.contains(&name_of(op)) && !is_constant_object(op));
    count("state.yield") == 1
        && known
        && count("py.fetch_exception") <= 1
        && !delegates
        && !loads_late
        && handlers_end
}

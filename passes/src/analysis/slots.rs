//! What each slot of the frame holds, as far as the function itself can tell.
//!
//! A forward dataflow over the stores: at each point a slot holds a known value, or nobody knows. At the start of a
//! block, a slot holds the block's argument number `k` when on every edge it holds the value that the edge gives to
//! argument `k`; that is how a local in a loop is recognised without being told. Where several arguments get the same
//! value, as those of all locals that are unbound in front of a loop, a slot takes the one with the name of its local, else
//! one that no other slot has, and another one when a later edge shows that it was the wrong one. A number that may be
//! unbound is two arguments: on each edge the slot is empty where the second is false, and holds the first where it is true.

pub use crate::inspect::defining_op;
use crate::{
    cfg::{Cfg, name_of, operand_of, value_key},
    collections::{HashMap, HashSet, IndexMap},
    function::Function,
    inspect::arith_constant,
};
use melior::ir::{
    BlockLike, BlockRef, OperationRef, Value, ValueLike, attribute::IntegerAttribute,
    operation::OperationLike,
};
use stepwell_dialects::ir::{operations, uses};

/// What a slot holds.
#[derive(Clone, Copy)]
pub enum Content<'c, 'a> {
    /// No object: the local is unbound.
    Empty,
    /// This object.
    Object(Value<'c, 'a>),
    /// The box of this native value.
    Boxed(Value<'c, 'a>),
    /// The box of this native value if the second value is true, else no object.
    MaybeBoxed(Value<'c, 'a>, Value<'c, 'a>),
}

/// What tells contents apart.
type Key = (u8, usize, usize);

impl<'c: 'a, 'a> Content<'c, 'a> {
    fn object(value: Value<'c, 'a>) -> Self {
        let null = defining_op(value).is_some_and(|op| name_of(op) == "py.null");
        if null {
            Self::Empty
        } else {
            Self::Object(value)
        }
    }

    /// The content of a slot that was assigned an object. An item that turned out to be a number is the box of it.
    pub fn of(value: Value<'c, 'a>) -> Self {
        let boxing = defining_op(value).filter(|op| name_of(*op) == "py.box");
        let native = boxing.and_then(|op| operand_of(op, 0));
        let bound = boxing.and_then(|op| operand_of(op, 1));
        match (native, bound) {
            (Some(native), None) => Self::Boxed(native),
            (Some(native), Some(bound)) => Self::MaybeBoxed(native, bound),
            (None, _) => match number_of(value) {
                Some(native) => Self::Boxed(native),
                None => Self::object(value),
            },
        }
    }

    /// The content of a slot that a local of a state was spilled to.
    pub fn spilled(function: &Function<'c, 'a>, value: Value<'c, 'a>) -> Self {
        if function.types.is_native(value.r#type()) {
            Self::Boxed(value)
        } else {
            Self::of(value)
        }
    }

    fn key(self) -> Key {
        match self {
            Self::Empty => (0, 0, 0),
            Self::Object(value) => (1, value_key(value), 0),
            Self::Boxed(value) => (2, value_key(value), 0),
            Self::MaybeBoxed(value, bound) => (3, value_key(value), value_key(bound)),
        }
    }

    /// The same content, held by another value.
    fn with(self, value: Value<'c, 'a>) -> Self {
        match self {
            Self::Boxed(_) => Self::Boxed(value),
            Self::MaybeBoxed(_, bound) => Self::MaybeBoxed(value, bound),
            Self::Empty | Self::Object(_) => Self::object(value),
        }
    }
}

/// The number that an item of an iteration was found to be.
fn number_of<'c: 'a, 'a>(value: Value<'c, 'a>) -> Option<Value<'c, 'a>> {
    defining_op(value).filter(|op| name_of(*op) == "py.for_iter")?;
    let mut users = uses(value).into_iter().map(|(user, _)| user);
    let check =
        users.find(|user| name_of(*user) == "py.unbox" && user.has_attribute("py.guess"))?;
    Some(check.result(0).ok()?.into())
}

/// The contents of all slots at one point; a slot that is missing holds nobody knows what.
pub type Contents<'c, 'a> = IndexMap<usize, Content<'c, 'a>>;

/// Whether a slot holds this value: the object, a box of the native value, or nothing.
pub fn is_current<'c: 'a, 'a>(
    contents: &Contents<'c, 'a>,
    slot: usize,
    value: Value<'c, 'a>,
) -> bool {
    let Some(content) = contents.get(&slot) else {
        return false;
    };
    forms(value).any(|form| form == content.key())
}

/// The keys of the contents that are as good as `value`.
fn forms<'c: 'a, 'a>(value: Value<'c, 'a>) -> impl Iterator<Item = Key> {
    let unboxed = defining_op(value).filter(|op| name_of(*op) == "py.unbox");
    let object = unboxed.and_then(|op| operand_of(op, 0));
    let forms = [
        Some(Content::object(value)),
        Some(Content::Boxed(value)),
        Some(Content::of(value)),
        object.map(Content::Object),
    ];
    forms.into_iter().flatten().map(Content::key)
}

/// The slots by what they hold.
#[derive(Default)]
pub struct Holders(HashMap<Key, usize>);

impl Holders {
    /// Those that hold an object.
    pub fn new<'c: 'a, 'a>(contents: &Contents<'c, 'a>) -> Self {
        let bound = contents
            .iter()
            .filter(|(_, content)| !matches!(content, Content::Empty));
        Self(
            bound
                .map(|(slot, content)| (content.key(), *slot))
                .collect(),
        )
    }

    /// A slot that holds the object of a value.
    pub fn slot_with<'c: 'a, 'a>(&self, value: Value<'c, 'a>) -> Option<usize> {
        forms(value).find_map(|form| self.0.get(&form).copied())
    }
}

/// The slot that `py.load_local` or `py.store_local` names.
pub fn slot_of(op: OperationRef) -> Option<usize> {
    let index = op.attribute("index").ok()?;
    usize::try_from(IntegerAttribute::try_from(index).ok()?.value()).ok()
}

/// Changes `contents` as an op does.
pub fn step<'c, 'a>(contents: &mut Contents<'c, 'a>, op: OperationRef<'c, 'a>) {
    if !is_access(op) {
        return;
    }
    let Some(slot) = slot_of(op) else { return };
    match name_of(op) {
        "py.store_local" => {
            if let Ok(value) = op.operand(0) {
                contents.insert(slot, Content::of(value));
            }
        }
        "py.load_local" => {
            if let Ok(value) = op.result(0) {
                contents
                    .entry(slot)
                    .or_insert(Content::Object(value.into()));
            }
        }
        _ => {}
    }
}

/// Whether an op reads or writes a slot.
pub fn is_access(op: OperationRef) -> bool {
    matches!(name_of(op), "py.store_local" | "py.load_local")
}

/// The contents of the slots where blocks begin; [`step`] leads from there to any op.
pub struct Slots<'c, 'a> {
    at_start: Vec<Contents<'c, 'a>>,
}

impl<'c, 'a> Slots<'c, 'a> {
    /// Runs the analysis. The arguments of the entry block are the objects in the first slots; the others are empty
    /// when a call begins.
    pub fn new(function: &Function<'c, 'a>, cfg: &Cfg<'c, 'a>) -> Self {
        Self::with(function, cfg, step)
    }

    /// The same for what an op does to the contents when something is to be put in front of it.
    pub fn with(
        function: &Function<'c, 'a>,
        cfg: &Cfg<'c, 'a>,
        step: impl Fn(&mut Contents<'c, 'a>, OperationRef<'c, 'a>),
    ) -> Self {
        Self {
            at_start: fixpoint(function, cfg, step),
        }
    }

    /// The contents at the start of the block at this place of the graph.
    pub fn at_start(&self, place: usize) -> &Contents<'c, 'a> {
        &self.at_start[place]
    }
}

fn fixpoint<'c, 'a>(
    function: &Function<'c, 'a>,
    cfg: &Cfg<'c, 'a>,
    step: impl Fn(&mut Contents<'c, 'a>, OperationRef<'c, 'a>),
) -> Vec<Contents<'c, 'a>> {
    let entry = entry_contents(function, cfg);
    let mut starts: Vec<Start> = vec![Start::default(); cfg.blocks.len()];
    let mut ends: Vec<Option<Contents>> = vec![None; cfg.blocks.len()];
    loop {
        let mut changed = false;
        for place in 0..cfg.blocks.len() {
            if place == 0 {
                starts[place].contents.get_or_insert_with(|| entry.clone());
            } else {
                let merged = merge(function, cfg, place, &ends, starts[place].contents.as_ref());
                starts[place].descend(merged);
            }
            let mut end = starts[place].contents.clone().unwrap_or_default();
            for op in operations(cfg.blocks[place]) {
                step(&mut end, op);
            }
            changed |= ends[place].as_ref().is_none_or(|old| !same(old, &end));
            ends[place] = Some(end);
        }
        if !changed {
            let contents = starts.into_iter().map(|start| start.contents);
            return contents.map(Option::unwrap_or_default).collect();
        }
    }
}

/// What is known of the start of a block, from one round to the next.
#[derive(Clone, Default)]
struct Start<'c, 'a> {
    contents: Option<Contents<'c, 'a>>,
    /// How often a slot turned out to hold something else.
    corrections: HashMap<usize, u32>,
}

/// A slot that is corrected more often is unknown for good, which bounds the iteration.
const CORRECTIONS: u32 = 3;

impl<'c, 'a> Start<'c, 'a> {
    fn descend(&mut self, mut new: Contents<'c, 'a>) {
        if let Some(old) = &self.contents {
            let corrections = &mut self.corrections;
            new.retain(|slot, content| match old.get(slot) {
                None => false,
                Some(old) if old.key() == content.key() => true,
                Some(_) => {
                    let count = corrections.entry(*slot).or_default();
                    *count += 1;
                    *count <= CORRECTIONS
                }
            });
        }
        self.contents = Some(new);
    }
}

fn same<'c: 'a, 'a>(one: &Contents<'c, 'a>, other: &Contents<'c, 'a>) -> bool {
    one.len() == other.len()
        && one.iter().all(|(slot, content)| {
            other
                .get(slot)
                .is_some_and(|other| other.key() == content.key())
        })
}

fn merge<'c, 'a>(
    function: &Function<'c, 'a>,
    cfg: &Cfg<'c, 'a>,
    place: usize,
    ends: &[Option<Contents<'c, 'a>>],
    before: Option<&Contents<'c, 'a>>,
) -> Contents<'c, 'a> {
    let known: Vec<_> = cfg.predecessors[place]
        .iter()
        .filter_map(|(source, number)| {
            Some((ends[*source].as_ref()?, cfg.edge_operands(*source, *number)))
        })
        .collect();
    let Some((first, _)) = known.first() else {
        return Contents::default();
    };
    let mut choice = Choice::new(function, cfg.blocks[place], before);
    first
        .iter()
        .filter_map(|(slot, content)| {
            let merged = same_everywhere(*slot, *content, &known)
                .or_else(|| choice.argument_of(*slot, *content, &known))
                .or_else(|| choice.pair_of(*slot, &known))
                .or_else(|| same_everywhere_even_passed(*slot, *content, &known))?;
            Some((*slot, merged))
        })
        .collect()
}

type Known<'k, 'c, 'a> = [(&'k Contents<'c, 'a>, Vec<Value<'c, 'a>>)];

/// Only what is not passed on: an edge that gives the held value to an argument makes it the argument's.
fn same_everywhere<'c, 'a>(
    slot: usize,
    content: Content<'c, 'a>,
    known: &Known<'_, 'c, 'a>,
) -> Option<Content<'c, 'a>> {
    let held = |contents: &Contents<'c, 'a>| contents.get(&slot).map(|other| other.key());
    let everywhere = known
        .iter()
        .all(|(contents, _)| held(contents) == Some(content.key()));
    let passed = known.iter().any(|(_, operands)| {
        operands
            .iter()
            .any(|operand| content.with(*operand).key() == content.key())
    });
    (everywhere && !passed).then_some(content)
}

/// Which arguments of a block the slots hold at its start.
struct Choice<'f, 'c, 'a> {
    function: &'f Function<'c, 'a>,
    arguments: Vec<Value<'c, 'a>>,
    /// The argument that a slot took in the round before.
    before: HashMap<usize, usize>,
    /// Those that belong to a slot.
    taken: HashSet<usize>,
}

impl<'f, 'c: 'a, 'a> Choice<'f, 'c, 'a> {
    fn new(
        function: &'f Function<'c, 'a>,
        block: BlockRef<'c, 'a>,
        before: Option<&Contents<'c, 'a>>,
    ) -> Self {
        let arguments: Vec<Value> = (0..block.argument_count())
            .filter_map(|number| Some(block.argument(number).ok()?.into()))
            .collect();
        let numbers: HashMap<_, _> = (arguments.iter().enumerate())
            .map(|(number, argument)| (value_key(*argument), number))
            .collect();
        let before: HashMap<_, _> = (before.into_iter().flatten())
            .filter_map(|(slot, content)| Some((*slot, *numbers.get(&content.key().1)?)))
            .collect();
        Self {
            function,
            arguments,
            taken: before.values().copied().collect(),
            before,
        }
    }

    /// The one of the round before, else the one with the name of the local, else one that no other slot has, else any.
    fn argument_of(
        &mut self,
        slot: usize,
        content: Content<'c, 'a>,
        known: &Known<'_, 'c, 'a>,
    ) -> Option<Content<'c, 'a>> {
        let carries = |number: &usize| {
            known.iter().all(|(contents, operands)| {
                let held = contents.get(&slot).map(|other| other.key());
                let passed = operands
                    .get(*number)
                    .map(|value| content.with(*value).key());
                held.is_some() && held == passed
            })
        };
        let before = self.before.get(&slot).copied().filter(carries);
        let all = || (0..self.arguments.len()).filter(carries);
        let number = before
            .or_else(|| all().find(|number| self.has_name_of(*number, slot)))
            .or_else(|| all().find(|number| !self.taken.contains(number)))
            .or_else(|| all().next())?;
        self.taken.insert(number);
        Some(content.with(self.arguments[number]))
    }

    /// Two arguments, a number and whether there is one, of which some edges tell the second.
    fn pair_of(&self, slot: usize, known: &Known<'_, 'c, 'a>) -> Option<Content<'c, 'a>> {
        let same = |one: Value, other: Option<&Value>| {
            other.is_some_and(|other| value_key(one) == value_key(*other))
        };
        let says = |value: Option<&Value<'c, 'a>>, truth: bool| {
            value.is_some_and(|value| arith_constant(*value).is_some_and(|it| (it != 0) == truth))
        };
        let holds = |number: usize, bound: usize| {
            known.iter().all(|(contents, operands)| {
                let (given, is_given) = (operands.get(number), operands.get(bound));
                match contents.get(&slot) {
                    Some(Content::Empty) => says(is_given, false),
                    Some(Content::Boxed(held)) => same(*held, given) && says(is_given, true),
                    Some(Content::MaybeBoxed(held, is_held)) => {
                        same(*held, given) && same(*is_held, is_given)
                    }
                    Some(Content::Object(_)) | None => false,
                }
            })
        };
        let flag = self.function.types.i1;
        let arguments = || 0..self.arguments.len();
        let named = arguments().filter(|number| self.has_name_of(*number, slot));
        let mut pairs = named.flat_map(|number| {
            let flags = arguments().filter(|bound| self.arguments[*bound].r#type() == flag);
            flags.map(move |bound| (number, bound))
        });
        let (number, bound) = pairs.find(|(number, bound)| holds(*number, *bound))?;
        Some(Content::MaybeBoxed(
            self.arguments[number],
            self.arguments[bound],
        ))
    }

    fn has_name_of(&self, number: usize, slot: usize) -> bool {
        let location = self.arguments[number].location();
        location.is_name()
            && location.name_value().as_string_ref().as_str() == Ok(self.function.local_name(slot))
    }
}

fn same_everywhere_even_passed<'c, 'a>(
    slot: usize,
    content: Content<'c, 'a>,
    known: &Known<'_, 'c, 'a>,
) -> Option<Content<'c, 'a>> {
    known
        .iter()
        .all(|(contents, _)| contents.get(&slot).map(|other| other.key()) == Some(content.key()))
        .then_some(content)
}

fn entry_contents<'c, 'a>(function: &Function<'c, 'a>, cfg: &Cfg<'c, 'a>) -> Contents<'c, 'a> {
    let Some(entry) = cfg.blocks.first() else {
        return Contents::default();
    };
    let arguments = entry.argument_count();
    let mut contents: Contents = (0..arguments)
        .filter_map(|slot| Some((slot, Content::Object(entry.argument(slot).ok()?.into()))))
        .collect();
    if !function.is_step() {
        contents.extend((arguments..function.slot_count()).map(|slot| (slot, Content::Empty)));
    }
    contents
}

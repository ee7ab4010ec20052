use crate::{
    analysis::{
        cfg::Cfg,
        fact::{Fact, Kind},
        tuples,
    },
    collections::HashMap,
    inspect::{op_key, op_name, result, str_attribute, string, value_key},
};
use melior::{
    Context,
    ir::{
        Attribute, BlockLike, OperationRef, Value, ValueLike,
        attribute::{ArrayAttribute, StringAttribute},
        operation::{OperationLike, OperationMutLike, OperationRefMut},
    },
};
use stepwell_dialects::{ir::operations, ownership::op_info};

/// On ops: the fact about the first result.
const TYPE: &str = "py.type";
/// On functions without objects: the kind of the result.
const RETURNED: &str = "py.returned";
/// On ops on sequences: the fact about the item.
const ITEM: &str = "py.item";
/// On ops that take something apart whose items are of several kinds: the fact about each.
const PARTS: &str = "py.parts";
/// On functions: the facts about the arguments of each block.
const BLOCK_TYPES: &str = "py.block_types";

/// What is known about each value of a function.
#[derive(Debug, Default)]
pub struct Facts(HashMap<usize, Fact>);

impl Facts {
    /// The fact about a value; any object when there is none.
    pub fn get(&self, value: Value) -> Fact {
        self.0
            .get(&value_key(value))
            .copied()
            .unwrap_or(Fact::OBJECT)
    }

    /// The fact about a value; nothing yet when there is none.
    pub(super) fn seen(&self, value: Value) -> Fact {
        self.0
            .get(&value_key(value))
            .copied()
            .unwrap_or(Fact::NEVER)
    }

    /// Records a fact and tells whether it is news.
    pub(crate) fn set(&mut self, value: Value, fact: Fact) -> bool {
        self.0.insert(value_key(value), fact) != Some(fact)
    }

    /// Records what an op without a result is about.
    pub(super) fn note(&mut self, op: OperationRef, fact: Fact) {
        self.0.insert(op_key(op), fact);
    }

    /// What is recorded of an op without a result.
    pub(crate) fn noted(&self, op: OperationRef) -> Option<Fact> {
        self.0.get(&op_key(op)).copied()
    }

    /// Reads what `infer-types` wrote; `None` when it left the function alone.
    pub fn read(function: OperationRef, cfg: &Cfg) -> Option<Self> {
        let lists = ArrayAttribute::try_from(function.attribute(BLOCK_TYPES).ok()?).ok()?;
        let mut facts = Self::default();
        for (index, block) in cfg.blocks().enumerate() {
            let list = ArrayAttribute::try_from(lists.element(index).ok()?).ok()?;
            for number in 0..block.argument_count() {
                let text = string(list.element(number).ok()?)?;
                facts.set(block.argument(number).ok()?.into(), text.parse().ok()?);
            }
            operations(block)
                .into_iter()
                .for_each(|op| facts.read_op(op));
        }
        Some(facts)
    }

    fn read_op(&mut self, op: OperationRef) {
        let written = str_attribute(op, TYPE).and_then(|text| text.parse().ok());
        if let Some(value) = result(op, 0) {
            self.set(value, written.unwrap_or_else(|| unwritten(op)));
        }
        let parts = op.attribute(PARTS).ok();
        if let Some(parts) = parts.and_then(|parts| ArrayAttribute::try_from(parts).ok()) {
            for (index, value) in op.results().enumerate() {
                let text = parts.element(index).ok().and_then(string);
                if let Some(fact) = text.and_then(|text| text.parse().ok()) {
                    self.set(value.into(), fact);
                }
            }
        } else if let Some(fact) = written.filter(|_| op_name(op) == "py.unpack_sequence") {
            for value in tuples::unpacked(op) {
                self.set(value, fact);
            }
        }
        let noted = str_attribute(op, ITEM).and_then(|text| text.parse().ok());
        if let Some(fact) = noted {
            self.note(op, fact);
        }
    }
}

/// Takes the annotations away again, but for those that name the class of an object.
pub fn erase_annotations(function: OperationRef, cfg: &Cfg) {
    remove_attribute(function, BLOCK_TYPES);
    for op in cfg.blocks().flat_map(operations) {
        let fact = str_attribute(op, TYPE).and_then(|text| text.parse::<Fact>().ok());
        if fact.is_some_and(|fact| !fact.kind.is_class()) {
            remove_attribute(op, TYPE);
        }
        remove_attribute(op, ITEM);
        remove_attribute(op, PARTS);
        remove_attribute(op, super::items::ELSEWHERE);
    }
}

fn remove_attribute(op: OperationRef, name: &str) {
    // SAFETY: the op is alive, and nobody else holds a mutable reference to it.
    let mut op = unsafe { OperationRefMut::from_raw(op.to_raw()) };
    // An attribute that is not there is as good as removed.
    let _ = op.remove_discardable_attribute(name);
}

/// The fact about a result when nothing is written.
pub(super) fn unwritten(op: OperationRef) -> Fact {
    let name = op_name(op);
    if name == "py.null" {
        return Fact::NULL;
    }
    let nullable = op_info(name).is_some_and(|row| row.nullable) && name != "py.for_iter";
    Fact {
        kind: Kind::Object,
        maybe_null: nullable,
    }
}

/// Writes what a function returns.
pub(super) fn write_returned<'c>(
    context: &'c Context,
    function: OperationRef<'c, '_>,
    cfg: &Cfg<'c, '_>,
    facts: &Facts,
) {
    let returns = cfg.blocks().flat_map(operations);
    let returns = returns.filter(|op| op_name(*op) == "func.return");
    let fact = returns
        .filter_map(|op| op.operand(0).ok())
        .map(|value| facts.seen(value))
        .fold(Fact::NEVER, Fact::join);
    let text = StringAttribute::new(context, &fact.to_string());
    set_attribute(function, RETURNED, text.into());
}

/// Writes the facts into the IR.
pub(super) fn write<'c>(
    context: &'c Context,
    function: OperationRef<'c, '_>,
    cfg: &Cfg<'c, '_>,
    facts: &Facts,
) {
    let text =
        |fact: Fact| -> Attribute<'c> { StringAttribute::new(context, &fact.to_string()).into() };
    let mut lists: Vec<Attribute> = Vec::new();
    for block in cfg.blocks() {
        let arguments = (0..block.argument_count()).filter_map(|index| block.argument(index).ok());
        let list: Vec<_> = arguments
            .map(|value| text(facts.get(value.into())))
            .collect();
        lists.push(ArrayAttribute::new(context, &list).into());
        for op in operations(block) {
            write_op(context, op, facts, text);
        }
    }
    let array = ArrayAttribute::new(context, &lists).into();
    set_attribute(function, BLOCK_TYPES, array);
}

fn write_op<'c>(
    context: &'c Context,
    op: OperationRef<'c, '_>,
    facts: &Facts,
    text: impl Fn(Fact) -> Attribute<'c>,
) {
    if let Some(fact) = facts.noted(op) {
        set_attribute(op, ITEM, text(fact));
    }
    let Some(value) = result(op, 0).filter(|value| value.r#type().to_string() == "!py.object")
    else {
        return;
    };
    let fact = facts.get(value);
    if fact != unwritten(op) {
        set_attribute(op, TYPE, text(fact));
    }
    write_parts(context, op, facts, text);
}

/// Writes the facts about items that are not all of one kind.
fn write_parts<'c>(
    context: &'c Context,
    op: OperationRef<'c, '_>,
    facts: &Facts,
    text: impl Fn(Fact) -> Attribute<'c>,
) {
    if op_name(op) != "py.unpack_sequence" {
        return;
    }
    let parts: Vec<_> = tuples::unpacked(op)
        .into_iter()
        .map(|value| facts.get(value))
        .collect();
    if parts.windows(2).any(|pair| pair[0] != pair[1]) {
        let parts: Vec<_> = parts.into_iter().map(text).collect();
        set_attribute(op, PARTS, ArrayAttribute::new(context, &parts).into());
    }
}

/// Says something on an op.
pub(super) fn set_attribute<'c>(op: OperationRef<'c, '_>, name: &str, attribute: Attribute<'c>) {
    // SAFETY: the op is alive, and nobody else holds a mutable reference to it.
    let mut op = unsafe { OperationRefMut::from_raw(op.to_raw()) };
    op.set_discardable_attribute(name, attribute);
}

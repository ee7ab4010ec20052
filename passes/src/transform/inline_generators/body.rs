//! A copy of a generator's body, made part of the function that consumes it.

use super::{
    INLINED,
    shape::{Loop, is_machine_number},
};
use crate::{
    PassError,
    analysis::frame_state::{FrameState, frame_state, state_operand},
    cfg::{erase, name_of, operand_of},
    cursor::Cursor,
    function::{Function, raised},
    inspect::int_attribute,
};
use melior::ir::{
    Attribute, BlockLike, BlockRef, Location, Operation, OperationRef, RegionLike, Value,
    attribute::{AttributeLike, IntegerAttribute},
    operation::{OperationLike, OperationMutLike, OperationRefMut},
};
use stepwell_dialects::ir::{blocks, operations, replace_uses, split_block_before};

/// The blocks of a copy, with holes where it touches the loop around it.
pub struct Body<'c, 'a> {
    /// Where it begins.
    pub start: BlockRef<'c, 'a>,
    /// The block that ends with an item, which has no terminator yet, and the item.
    pub yields: BlockRef<'c, 'a>,
    pub item: Value<'c, 'a>,
    /// How the generator is suspended then.
    pub suspended: FrameState<'c, 'a>,
    /// Where it goes on for the next.
    pub resumes: BlockRef<'c, 'a>,
    /// The blocks that return, which have no terminator yet.
    pub returns: Vec<BlockRef<'c, 'a>>,
}

/// Copies the body of the loop's generator behind the loop's head. Its locals are values of the function; its states
/// are that of the loop.
pub fn copy<'c, 'a>(
    function: &Function<'c, 'a>,
    found: &Loop<'c, 'a>,
) -> Result<Body<'c, 'a>, PassError> {
    let inlined = move_copy(function, found);
    let start = inlined.first().copied();
    let start = start.ok_or_else(|| function.bug("a generator without blocks"))?;
    let mut work = Work {
        function: *function,
        found,
        start,
        body: None,
        returns: Vec::new(),
    };
    for block in &inlined {
        for op in operations(*block) {
            work.mark(op);
            work.visit(op);
        }
    }
    for block in &inlined {
        let state = |cursor: &Cursor<'c, 'a>| work.state(cursor);
        leave_in_handler(function, *block, "an exception in a generator", state);
    }
    let Some((yields, item, suspended, resumes)) = work.body else {
        return Err(function.bug("a generator without yield"));
    };
    Ok(Body {
        start,
        yields,
        item,
        suspended,
        resumes,
        returns: work.returns,
    })
}

/// Copies the callee and moves the blocks of the copy.
fn move_copy<'c, 'a>(function: &Function<'c, 'a>, found: &Loop<'c, 'a>) -> Vec<BlockRef<'c, 'a>> {
    let copy = Operation::clone(&found.callee);
    let Ok(region) = copy.region(0) else {
        return Vec::new();
    };
    let mut before = found.head;
    let mut moved = Vec::new();
    for block in blocks(region) {
        // SAFETY: the block leaves the copy's region, which does not outlive this function, for the function's.
        let block = unsafe {
            mlir_sys::mlirBlockDetach(block.to_raw());
            mlir_sys::mlirRegionInsertOwnedBlockAfter(
                function.region.to_raw(),
                before.to_raw(),
                block.to_raw(),
            );
            BlockRef::from_raw(block.to_raw())
        };
        moved.push(block);
        before = block;
    }
    moved
}

struct Work<'w, 'c, 'a> {
    function: Function<'c, 'a>,
    found: &'w Loop<'c, 'a>,
    start: BlockRef<'c, 'a>,
    body: Option<(
        BlockRef<'c, 'a>,
        Value<'c, 'a>,
        FrameState<'c, 'a>,
        BlockRef<'c, 'a>,
    )>,
    returns: Vec<BlockRef<'c, 'a>>,
}

impl<'c, 'a> Work<'_, 'c, 'a> {
    fn mark(&self, op: OperationRef<'c, 'a>) {
        // SAFETY: the op is alive and nobody else holds a reference to it that would see the change.
        let mut op = unsafe { OperationRefMut::from_raw(op.to_raw()) };
        op.set_discardable_attribute(INLINED, Attribute::unit(self.function.context));
    }

    fn visit(&mut self, op: OperationRef<'c, 'a>) {
        let cursor = self.function.before(op);
        let object = self.function.types.object;
        match name_of(op) {
            "py.load_local" => {
                let slot = int_attribute(op, "index").unwrap_or(0) as usize;
                let value = self.found.arguments.get(slot).copied();
                let value = value.unwrap_or_else(|| cursor.value("py.null", &[], object, &[]));
                replace(op, value);
            }
            "py.store_local" | "py.check_frame" => erase(op),
            "state.sent" => {
                let none = cursor.value("py.none", &[], object, &[]);
                replace(op, none);
            }
            "state.yield" => self.end_at_yield(op),
            "state.return" => {
                self.returns.extend(op.block());
                erase(op);
            }
            "py.poll" => self.guard(op),
            "py.constant" => self.constant(op),
            _ => self.restate(op),
        }
    }

    /// A number of the other code object, made of itself.
    fn constant(&self, op: OperationRef<'c, 'a>) {
        let cursor = self.function.before(op);
        let object = self.function.types.object;
        let Ok(value) = op.attribute("value") else {
            return;
        };
        let value = if is_machine_number(value) {
            let r#type = value.r#type();
            let number = cursor.value("arith.constant", &[], r#type, &[("value", value)]);
            cursor.value("py.box", &[number], object, &[])
        } else {
            cursor.value("py.none", &[], object, &[])
        };
        replace(op, value);
    }

    /// Gives an op the state of the loop.
    fn restate(&self, op: OperationRef<'c, 'a>) {
        if let Some(index) = state_operand(&self.function.types, op) {
            let state = self.state(&self.function.before(op));
            // SAFETY: the op is alive and nobody else holds a reference to it that would see the change.
            let mut op = unsafe { OperationRefMut::from_raw(op.to_raw()) };
            op.set_operand(index, state);
        }
    }

    /// The state of the loop, at another place.
    fn state(&self, cursor: &Cursor<'c, 'a>) -> Value<'c, 'a> {
        let copy = cursor.insert(Operation::clone(&self.found.state));
        crate::cursor::result_of(copy, 0)
    }

    fn end_at_yield(&mut self, op: OperationRef<'c, 'a>) {
        let (Some(suspended), Some(item), Some(before)) = (
            frame_state(&self.function.types, op),
            operand_of(op, 0),
            op.block(),
        ) else {
            return;
        };
        let rest = split_block_before(op);
        let cursor = self.function.before(op);
        let none = cursor.value("py.none", &[], self.function.types.object, &[]);
        replace(op, none);
        self.body = Some((before, item, suspended, rest));
    }

    /// A poll can run Python, which would see the frame of the loop alone. When there is something to do, the
    /// interpreter does it.
    ///
    /// Where the body begins and where it is resumed, the loop around it has just polled.
    fn guard(&self, op: OperationRef<'c, 'a>) {
        let cursor = self.function.before(op);
        let resumed = self.body.as_ref().map(|body| body.3);
        if [Some(self.start), resumed]
            .into_iter()
            .flatten()
            .any(|block| is_first(op, block))
        {
            if let Some(raised) = raised(op) {
                replace_uses(raised, flag(&cursor, false));
            }
            return erase(op);
        }
        let set = cursor.value("py.breaker_set", &[], self.function.types.i1, &[]);
        let clear = cursor.value(
            "arith.xori",
            &[set, flag(&cursor, true)],
            self.function.types.i1,
            &[],
        );
        let reason = ("reason", cursor.string("something is pending"));
        cursor.op("num.guard", &[clear, self.state(&cursor)], &[], &[reason]);
        if let Some(raised) = raised(op) {
            replace_uses(raised, flag(&cursor, false));
        }
        erase(op);
    }
}

/// Ends the handler of an inlined body by leaving: what is raised is forgotten, and the interpreter raises it itself when it
/// computes again what was inlined. `state` makes the frame state to leave at.
pub fn leave_in_handler<'c, 'a>(
    function: &Function<'c, 'a>,
    block: BlockRef<'c, 'a>,
    reason: &str,
    state: impl FnOnce(&Cursor<'c, 'a>) -> Value<'c, 'a>,
) {
    let ops = operations(block);
    let Some(fetch) = ops
        .iter()
        .position(|op| name_of(*op) == "py.fetch_exception")
    else {
        return;
    };
    let location = ops[fetch].location();
    ops[fetch + 1..].iter().rev().for_each(|op| erase(*op));
    let cursor = function.at_end(block, location);
    let state = state(&cursor);
    let reason = [("reason", cursor.string(reason))];
    cursor.op("py.exit", &[state], &[], &reason);
}

/// Whether nothing happens in a block in front of a poll, which then is that of a RESUME.
fn is_first(op: OperationRef, block: BlockRef) -> bool {
    let silent = |op: &&OperationRef| {
        matches!(
            name_of(**op),
            "arith.constant" | "py.box" | "py.frame_state" | "py.none" | "py.null"
        )
    };
    let before = operations(block);
    let mut before = before.iter().take_while(|other| **other != op);
    op.block() == Some(block) && before.all(|op| silent(&op))
}

fn replace<'c>(op: OperationRef<'c, '_>, value: Value<'c, '_>) {
    if let Ok(result) = op.result(0) {
        replace_uses(result.into(), value);
    }
    erase(op);
}

/// A constant condition.
pub fn flag<'c, 'a>(cursor: &Cursor<'c, 'a>, value: bool) -> Value<'c, 'a> {
    let value = IntegerAttribute::new(cursor.types.i1, i64::from(value)).into();
    cursor.value("arith.constant", &[], cursor.types.i1, &[("value", value)])
}

/// A new block without arguments behind another.
pub fn block_behind<'c, 'a>(
    function: &Function<'c, 'a>,
    block: BlockRef<'c, 'a>,
    arguments: &[(melior::ir::Type<'c>, Location<'c>)],
) -> BlockRef<'c, 'a> {
    function
        .region
        .insert_block_after(block, melior::ir::Block::new(arguments))
}

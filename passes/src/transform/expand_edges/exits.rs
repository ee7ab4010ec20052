//! Guards as branches to blocks that leave for the interpreter.

use super::leaving::{LOCALS_WRITTEN, Leaving, MONITORED};
use crate::{
    PassError,
    analysis::{
        frame_state::{self, FrameState, materialize, state_op, state_operand},
        slots::{self, Contents, Slots},
    },
    cfg::{Cfg, erase, name_of, op_key},
    collections::IndexMap,
    cursor::{Cursor, Weights, result_of},
    function::{Function, failure_branch},
    inspect::str_attribute,
    modes::Numbers,
    transform::expand_edges::parks,
    transform::spill_locals::{dirty_locals, spill},
};
use melior::ir::{
    Attribute, Block, BlockRef, OperationRef, RegionLike, Value, ValueLike,
    attribute::IntegerAttribute, operation::OperationLike,
};
use stepwell_abi::{self as abi, GUESS, GUESSED_ATTRIBUTE};
use stepwell_dialects::{
    ir::{operations, replace_uses, split_block_before},
    ownership::op_info,
};

/// Turns each op that can leave at its state into a condition and a branch.
pub fn expand<'c, 'a>(function: &Function<'c, 'a>) -> Result<(), PassError> {
    let cfg = Cfg::new(function.region);
    let slots = Slots::new(function, &cfg);
    let mut exits = Exits {
        function: *function,
        blocks: IndexMap::default(),
        branches: Vec::new(),
        stays: Numbers::of(function.op).own,
        has_parks: parks::has_parks(function),
    };
    for (place, block) in cfg.blocks.iter().enumerate() {
        let mut contents = slots.at_start(place).clone();
        let relevant: Vec<_> = operations(*block)
            .into_iter()
            .filter(|op| leaves(*op) || slots::is_access(*op))
            .collect();
        for op in relevant {
            if leaves(op) {
                exits.op(op, &contents)?;
            } else {
                slots::step(&mut contents, op);
            }
        }
    }
    exits.split();
    Ok(())
}

fn leaves(op: OperationRef) -> bool {
    op_info(name_of(op)).is_some_and(|info| info.exits)
}

/// The blocks that leave, shared by guards with the same state, reason and locals to store.
struct Exits<'c, 'a> {
    function: Function<'c, 'a>,
    blocks: IndexMap<(usize, String, Vec<usize>), BlockRef<'c, 'a>>,
    /// The branches that are yet to be made, in the order of the function.
    branches: Vec<Branch<'c, 'a>>,
    /// The interpreter would compute something else.
    stays: bool,
    /// Whether the function has inlined generators.
    has_parks: bool,
}

/// A branch in place of an op: to `exit` if the condition has the value that leaves, else on with what follows.
struct Branch<'c, 'a> {
    op: OperationRef<'c, 'a>,
    condition: Value<'c, 'a>,
    leaves_if: bool,
    exit: BlockRef<'c, 'a>,
}

/// Guards behind which the interpreter raises an exception in any case.
const RAISING: [&str; 11] = [
    "None has no order",
    "None is no number",
    "there is no power",
    "the absolute value is too large",
    "the function raises",
    "the index is out of range",
    "division by zero",
    "the count of the shift is negative",
    "the float is not finite",
    "the local is unbound",
    "the step of the range is zero",
];

impl<'c, 'a> Exits<'c, 'a> {
    fn op(
        &mut self,
        op: OperationRef<'c, 'a>,
        contents: &Contents<'c, 'a>,
    ) -> Result<(), PassError> {
        match name_of(op) {
            "py.exit" => self.write_exit(op, contents),
            "py.unbox" => self.unbox(op, contents),
            "py.guard_identity" => self.identity(op, contents),
            "py.confirm" => self.confirm(op, contents),
            "py.confirm_sequence" => self.confirm_sequence(op, contents),
            "py.poll" => self.poll(op, contents),
            "py.check_frame" => self.check_frame(op, contents),
            "num.guard" => self.guard(op, contents),
            "py.call_this" => self.call_this(op, contents),
            other => {
                return Err(self.function.bug(format!(
                    "{other} can leave, and nothing makes a branch of it"
                )));
            }
        }
        Ok(())
    }

    /// What a guard raises that would leave a function with arithmetic of its own to the interpreter.
    fn unexpected(&self, reason: &str) -> Option<&'static str> {
        (self.stays && !RAISING.contains(&reason)).then_some("RuntimeError")
    }

    fn unbox(&mut self, op: OperationRef<'c, 'a>, contents: &Contents<'c, 'a>) {
        let (Ok(object), Ok(result)) = (op.operand(0), op.result(0)) else {
            return;
        };
        let cursor = self.function.before(op);
        let native = Value::from(result).r#type();
        let new = cursor.op(
            "py.try_unbox",
            &[object],
            &[native, self.function.types.i1],
            &[],
        );
        replace_uses(result.into(), result_of(new, 0));
        let kind = python_type(&self.function, native);
        let reason = match (str_attribute(op, "py.guess"), op.has_attribute("py.guess")) {
            (Some(attribute), _) => format!("{GUESS}{kind}{GUESSED_ATTRIBUTE}{attribute}"),
            (None, true) => format!("{GUESS}{kind}"),
            (None, false) => format!("not {kind}"),
        };
        let exit = self.block(op, &reason, None, contents);
        self.branch(op, result_of(new, 1), false, exit);
    }

    fn identity(&mut self, op: OperationRef<'c, 'a>, contents: &Contents<'c, 'a>) {
        let (Ok(object), Ok(symbol)) = (op.operand(0), op.attribute("symbol")) else {
            return;
        };
        let cursor = self.function.before(op);
        let same = cursor.value(
            "py.is_symbol",
            &[object],
            self.function.types.i1,
            &[("symbol", symbol)],
        );
        let exit = self.block(op, "another object than expected", None, contents);
        self.branch(op, same, false, exit);
    }

    fn guard(&mut self, op: OperationRef<'c, 'a>, contents: &Contents<'c, 'a>) {
        let Ok(condition) = op.operand(0) else { return };
        let reason = str_attribute(op, "reason").unwrap_or("guard");
        let exit = self.block(op, reason, str_attribute(op, "raises"), contents);
        self.branch(op, condition, false, exit);
    }

    fn check_frame(&mut self, op: OperationRef<'c, 'a>, contents: &Contents<'c, 'a>) {
        if self.stays {
            return erase(op);
        }
        let cursor = self.function.before(op);
        let changed = cursor.value("py.frame_changed", &[], self.function.types.i1, &[]);
        let exit = self.block(op, LOCALS_WRITTEN, None, contents);
        self.branch(op, changed, true, exit);
    }

    /// Leaves in front of the call when it cannot begin, and in the middle of it when the callee left.
    fn call_this(&mut self, op: OperationRef<'c, 'a>, contents: &Contents<'c, 'a>) {
        let function = self.function;
        let i1 = function.types.i1;
        let Ok(result) = op.result(0) else { return };
        let mut operands: Vec<_> = op.operands().collect();
        operands.pop();
        let results = [Value::from(result).r#type(), i1, i1];
        let new = function
            .before(op)
            .op("py.try_call_this", &operands, &results, &[]);
        replace_uses(result.into(), result_of(new, 0));
        let middle = self.middle_of_call(op, operands.len() + 1, contents);
        let front = self.block(op, abi::CANNOT_BEGIN, None, contents);
        let failed = function.region.append_block(Block::new(&[]));
        function.at_end(failed, op.location()).choose(
            result_of(new, 2),
            middle,
            front,
            Weights::Cold,
        );
        self.branch(op, result_of(new, 1), false, failed);
    }

    /// A block that leaves in the middle of a call, which has taken `taken` values from the stack.
    fn middle_of_call(
        &self,
        op: OperationRef<'c, 'a>,
        taken: usize,
        contents: &Contents<'c, 'a>,
    ) -> BlockRef<'c, 'a> {
        let function = self.function;
        let block = function.region.append_block(Block::new(&[]));
        let cursor = function.at_end(block, op.location());
        if let Some(state) = frame_state::frame_state(&function.types, op) {
            let kept = state.stack.len().saturating_sub(taken);
            let counts = [state.locals.len() as i32, kept as i32];
            let values = [&state.locals[..], &state.stack[..kept]].concat();
            let attributes = [
                ("offset", cursor.i32(state.offset)),
                ("operandSegmentSizes", cursor.i32_array(&counts)),
            ];
            let state = cursor.value("py.frame_state", &values, function.types.state, &attributes);
            let attributes = [
                ("reason", cursor.string(abi::CALLEE_LEFT)),
                ("in_call", Attribute::unit(function.context)),
            ];
            let exit = cursor.op("py.exit", &[state], &[], &attributes);
            self.write_exit(exit, contents);
        }
        block
    }

    /// The array is described again, and each number compared.
    fn confirm(&mut self, op: OperationRef<'c, 'a>, contents: &Contents<'c, 'a>) {
        let operands: Vec<_> = op.operands().collect();
        let ([object, fields @ .., _], Ok(array)) = (&operands[..], op.attribute("array")) else {
            return;
        };
        let types = self.function.types;
        let cursor = self.function.before(op);
        let results = [&[types.i1][..], &vec![types.i64; fields.len()]].concat();
        let now = cursor.op("py.describe", &[*object], &results, &[("array", array)]);
        let same = unchanged(&cursor, now, 1, fields, result_of(now, 0));
        let exit = self.block(op, "the array has been changed", None, contents);
        self.branch(op, same, false, exit);
    }

    /// The same for a sequence, which may still be none.
    fn confirm_sequence(&mut self, op: OperationRef<'c, 'a>, contents: &Contents<'c, 'a>) {
        let operands: Vec<_> = op.operands().collect();
        let ([object, fields @ .., _], Ok(kind)) = (&operands[..], op.attribute("kind")) else {
            return;
        };
        let types = self.function.types;
        let cursor = self.function.before(op);
        let results = [types.i1, types.i64, types.i64];
        let now = cursor.op("py.sequence", &[*object], &results, &[("kind", kind)]);
        let yes = cursor.value(
            "arith.constant",
            &[],
            types.i1,
            &[("value", IntegerAttribute::new(types.i1, 1).into())],
        );
        let same = unchanged(&cursor, now, 0, fields, yes);
        let exit = self.block(op, "the sequence has been changed", None, contents);
        self.branch(op, same, false, exit);
    }

    /// The poll itself stays, as an op that tells whether to leave; the test comes behind its failure.
    fn poll(&mut self, op: OperationRef<'c, 'a>, contents: &Contents<'c, 'a>) {
        let types = self.function.types;
        let state = state_operand(&types, op).and_then(|index| op.operand(index).ok());
        let Some(state) = state else { return };
        let cursor = self.function.before(op);
        if self.stays {
            return stay(&self.function, op, state);
        }
        let exit = self.block(op, MONITORED, None, contents);
        if op.result_count() == 0 {
            let leave = cursor.value("py.try_poll", &[state], types.i1, &[]);
            return self.branch(op, leave, true, exit);
        }
        let new = cursor.op("py.try_poll", &[state], &[types.i1, types.i1], &[]);
        replace_uses(result_of(op, 0), result_of(new, 1));
        erase(op);
        leave_behind_branch(&self.function, new, exit);
    }

    /// Notes a branch in place of an op, which needs its operands no more.
    fn branch(
        &mut self,
        op: OperationRef<'c, 'a>,
        condition: Value<'c, 'a>,
        leaves_if: bool,
        exit: BlockRef<'c, 'a>,
    ) {
        // SAFETY: the op is alive, and all that comes of it is its removal.
        unsafe { mlir_sys::mlirOperationSetOperands(op.to_raw(), 0, std::ptr::null()) };
        self.branches.push(Branch {
            op,
            condition,
            leaves_if,
            exit,
        });
    }

    /// Makes the branches, the last one first: what follows a guard moves to another block, and so moves only once.
    fn split(self) {
        for branch in self.branches.into_iter().rev() {
            let op = branch.op;
            let before = op.block().expect("the guard is in a block");
            let rest = split_block_before(op);
            let cursor = self.function.at_end(before, op.location());
            if branch.leaves_if {
                cursor.choose(branch.condition, branch.exit, rest, Weights::Cold);
            } else {
                cursor.choose(branch.condition, rest, branch.exit, Weights::Hot);
            }
            erase(op);
        }
    }

    fn block(
        &mut self,
        op: OperationRef<'c, 'a>,
        reason: &str,
        raises: Option<&str>,
        contents: &Contents<'c, 'a>,
    ) -> BlockRef<'c, 'a> {
        let function = self.function;
        let raises = raises.or(self.unexpected(reason));
        let state = state_op(&function.types, op);
        let dirty = dirty_locals(&function, op, contents)
            .into_iter()
            .map(|(slot, _)| slot)
            .collect();
        let key = (state.map_or(0, op_key), reason.to_owned(), dirty);
        if let Some(block) = self.blocks.get(&key) {
            return *block;
        }
        let block = function.region.append_block(Block::new(&[]));
        let cursor = function.at_end(block, op.location());
        let index = state_operand(&function.types, op);
        if let Some(state) = index.and_then(|index| op.operand(index).ok()) {
            let mut attributes = vec![("reason", cursor.string(reason))];
            attributes.extend(raises.map(|class| ("raises", cursor.string(class))));
            let exit = cursor.op("py.exit", &[state], &[], &attributes);
            self.write_exit(exit, contents);
        }
        self.blocks.insert(key, block);
        block
    }

    /// Gives a `py.exit` what the interpreter needs: native locals stored, and a state of its own with a stack of
    /// objects.
    fn write_exit(&self, exit: OperationRef<'c, 'a>, contents: &Contents<'c, 'a>) {
        let function = &self.function;
        let Some(state) = frame_state::frame_state(&function.types, exit) else {
            return;
        };
        let cursor = function.before(exit);
        let leaving = (!self.has_parks).then(|| Leaving::new(function, exit, &state, contents));
        if let Some(leaving) = leaving.flatten() {
            leaving.write(function, &cursor);
            erase(exit);
            return;
        }
        if self.has_parks {
            parks::mark(function, exit, &state);
        }
        spill(function, &cursor, exit, &mut contents.clone());
        let state = own_state(function, &cursor, &state);
        // SAFETY: the op is alive; the operand is its state.
        unsafe { mlir_sys::mlirOperationSetOperand(exit.to_raw(), 0, state.to_raw()) }
    }
}

/// Whether `same` holds and the results of `now` from `first` on are those numbers.
fn unchanged<'c, 'a>(
    cursor: &Cursor<'c, 'a>,
    now: OperationRef<'c, 'a>,
    first: usize,
    fields: &[Value<'c, 'a>],
    same: Value<'c, 'a>,
) -> Value<'c, 'a> {
    let i1 = cursor.types.i1;
    let equal = ("predicate", cursor.i64(0));
    fields
        .iter()
        .enumerate()
        .fold(same, |same, (index, field)| {
            let operands = [result_of(now, first + index), *field];
            let unchanged = cursor.value("arith.cmpi", &operands, i1, &[equal]);
            cursor.value("arith.andi", &[same, unchanged], i1, &[])
        })
}

/// A poll that never leaves: it is for signals and other threads alone.
fn stay<'c, 'a>(function: &Function<'c, 'a>, op: OperationRef<'c, 'a>, state: Value<'c, 'a>) {
    let cursor = function.before(op);
    let results = vec![function.types.i1; 1 + op.result_count()];
    let new = cursor.op("py.try_poll", &[state], &results, &[]);
    if op.result_count() == 1 {
        replace_uses(result_of(op, 0), result_of(new, 1));
    }
    erase(op);
}

/// Under a handler the branch on the failure is the terminator: the exit is tested on its other edge.
fn leave_behind_branch<'c, 'a>(
    function: &Function<'c, 'a>,
    poll: OperationRef<'c, 'a>,
    exit: BlockRef<'c, 'a>,
) {
    let Some(branch) = failure_branch(poll) else {
        return;
    };
    let mut edges = crate::cfg::edges(branch);
    let source = poll.block().expect("the poll is in a block");
    let go_on = function.region.insert_block_after(source, Block::new(&[]));
    function
        .at_end(go_on, poll.location())
        .jump(edges[1].target, &edges[1].operands);
    let test = function.region.insert_block_after(source, Block::new(&[]));
    function
        .at_end(test, poll.location())
        .choose(result_of(poll, 0), exit, go_on, Weights::Cold);
    edges[1] = crate::cfg::Edge {
        target: test,
        operands: Vec::new(),
    };
    crate::cfg::replace_edges(function.context, function.types, branch, &edges);
}

fn python_type<'c>(function: &Function<'c, '_>, native: melior::ir::Type<'c>) -> &'static str {
    let types = &function.types;
    match () {
        () if native == types.i64 => "an int of 64 bits",
        () if native == types.f64 => "a float",
        () if native == types.i1 => "a bool",
        () => "a complex",
    }
}

/// A state of the stack alone, its native values boxed.
fn own_state<'c, 'a>(
    function: &Function<'c, 'a>,
    cursor: &Cursor<'c, 'a>,
    state: &FrameState<'c, 'a>,
) -> Value<'c, 'a> {
    let types = function.types;
    let stack: Vec<_> = state
        .stack
        .iter()
        .map(|value| materialize(cursor, *value))
        .collect();
    let segments = cursor.i32_array(&[0, stack.len() as i32]);
    let attributes = [
        ("offset", cursor.i32(state.offset)),
        ("operandSegmentSizes", segments),
    ];
    cursor.value("py.frame_state", &stack, types.state, &attributes)
}

//! What a resumption needs, and where the frame has it.

use super::{Point, split};
use crate::{
    analysis::{
        liveness::{Liveness, Values},
        slots::defining_op,
    },
    cfg::{Cfg, erase, name_of, value_key},
    collections::IndexMap,
    cursor::{Cursor, result_of},
    function::Function,
};
use melior::ir::{
    BlockLike, BlockRef, Operation, OperationRef, Value, ValueLike, operation::OperationLike,
};
use stepwell_dialects::ir::{blocks, operations, uses};

/// For each value that has to be read again: the blocks where that happens, and what it is there.
pub type Definitions<'c, 'a> =
    IndexMap<usize, (Value<'c, 'a>, Vec<(BlockRef<'c, 'a>, Value<'c, 'a>)>)>;

/// Leaves out the points that need what the frame does not have. That can make others unreachable, and their needs with
/// them, so it goes on until nothing changes.
pub fn keep_recoverable<'c, 'a>(
    function: &Function<'c, 'a>,
    entry: BlockRef<'c, 'a>,
    start: (i64, BlockRef<'c, 'a>),
    mut points: Vec<Point<'c, 'a>>,
) -> Vec<Point<'c, 'a>> {
    loop {
        let dispatch = split::dispatch(function, entry, start, &points);
        let cfg = Cfg::new(function.region);
        let needs = needs(function, &cfg, &points);
        erase(dispatch);
        let count = points.len();
        let mut needs = needs.iter();
        points.retain(|point| {
            let needed = needs.next().map_or(&[][..], Vec::as_slice);
            needed.iter().all(|value| is_recoverable(point, *value))
        });
        if points.len() == count {
            return points;
        }
    }
}

/// The values that each point needs from before its suspension.
pub fn needs<'c, 'a>(
    function: &Function<'c, 'a>,
    cfg: &Cfg<'c, 'a>,
    points: &[Point<'c, 'a>],
) -> Vec<Vec<Value<'c, 'a>>> {
    let mut values = Values::default();
    // A value can be made where control comes by way of the interpreter alone.
    for block in blocks(function.region).iter().skip(1) {
        (0..block.argument_count())
            .filter_map(|index| block.argument(index).ok())
            .for_each(|argument| values.add(argument.into()));
        for op in operations(*block) {
            op.results().for_each(|result| values.add(result.into()));
        }
    }
    let liveness = Liveness::new(cfg, &values, |op| op.operands().collect());
    let live_in = |point: &Point<'c, 'a>| match cfg.place(point.block) {
        Some(place) => liveness.at_start[place]
            .iter()
            .map(|number| values.value(number))
            .collect(),
        _ => Vec::new(),
    };
    points.iter().map(live_in).collect()
}

fn is_recoverable<'c: 'a, 'a>(point: &Point<'c, 'a>, value: Value<'c, 'a>) -> bool {
    is_in_frame(point, value)
        || boxes(value)
            .into_iter()
            .any(|object| is_in_frame(point, object))
        || recomputed(value).is_some_and(|op| {
            let mut operands = op.operands();
            operands.all(|operand| {
                is_state(operand) || is_constant(operand) || is_recoverable(point, operand)
            })
        })
}

fn is_in_frame<'c, 'a>(point: &Point<'c, 'a>, value: Value<'c, 'a>) -> bool {
    let key = value_key(value);
    point
        .locals
        .iter()
        .chain(&point.stack)
        .chain(&point.sent_for)
        .any(|other| value_key(*other) == key)
}

/// The objects that a native value is put into.
fn boxes<'c: 'a, 'a>(value: Value<'c, 'a>) -> Vec<Value<'c, 'a>> {
    uses(value)
        .into_iter()
        .filter(|(op, _)| name_of(*op) == "py.box" && op.operand_count() == 1)
        .map(|(op, _)| result_of(op, 0))
        .collect()
}

fn is_state(value: Value) -> bool {
    defining_op(value).is_some_and(|op| name_of(op) == "py.frame_state")
}

/// Constants are in the entry, which dominates everything.
fn is_constant(value: Value) -> bool {
    defining_op(value).is_some_and(|op| split::is_constant(name_of(op)))
}

/// The op to repeat for a native value, or a box.
fn recomputed<'c, 'a>(value: Value<'c, 'a>) -> Option<OperationRef<'c, 'a>> {
    defining_op(value).filter(|op| {
        let name = name_of(*op);
        matches!(name, "py.box" | "py.unbox")
            || name.starts_with("arith.")
            || name.starts_with("complex.")
    })
}

/// Reads at each point what it needs.
pub fn reload<'c, 'a>(
    function: &Function<'c, 'a>,
    points: &[Point<'c, 'a>],
    needs: &[Vec<Value<'c, 'a>>],
) -> Definitions<'c, 'a> {
    let mut definitions = Definitions::default();
    for (point, needed) in points.iter().zip(needs) {
        let mut reader = Reader::new(function, point);
        for value in needed {
            let new = reader.read(*value);
            let entry = definitions
                .entry(value_key(*value))
                .or_insert((*value, Vec::new()));
            entry.1.push((point.block, new));
        }
    }
    definitions
}

fn set_operand<'c>(op: &mut Operation<'c>, index: usize, operand: Value<'c, '_>) {
    // SAFETY: the op is ours alone, and the operand is alive.
    unsafe {
        mlir_sys::mlirOperationSetOperand(op.to_raw(), index as isize, operand.to_raw());
    }
}

/// Reads values at the start of a point.
struct Reader<'c, 'a> {
    behind: Cursor<'c, 'a>,
    function: Function<'c, 'a>,
    state: Value<'c, 'a>,
    /// What the frame has for values, some of which may be gone.
    held: IndexMap<usize, Value<'c, 'a>>,
    known: IndexMap<usize, Value<'c, 'a>>,
}

impl<'c, 'a> Reader<'c, 'a> {
    /// Loads the locals and takes the stack. What turns out not to be needed is dropped further down.
    fn new(function: &Function<'c, 'a>, point: &Point<'c, 'a>) -> Self {
        let object = function.types.object;
        let cursor = function.before(point.sent);
        let mut locals = Vec::new();
        for slot in 0..point.locals.len() {
            let name = cursor.string(function.local_name(slot));
            let attributes = [("index", cursor.i32(slot as i64)), ("name", name)];
            locals.push(cursor.value("py.load_local", &[], object, &attributes));
        }
        let mut stack = Vec::new();
        for place in 0..point.stack.len() {
            stack.push(cursor.value(
                "state.load_stack",
                &[],
                object,
                &[("index", cursor.i32(place as i64))],
            ));
        }
        let behind = function.after(point.sent);
        let segments = behind.i32_array(&[locals.len() as i32, stack.len() as i32 + 1]);
        let operands: Vec<_> = locals
            .iter()
            .chain(&stack)
            .copied()
            .chain([result_of(point.sent, 0)])
            .collect();
        let attributes = [
            ("offset", behind.i32(point.offset)),
            ("operandSegmentSizes", segments),
        ];
        let state = behind.value(
            "py.frame_state",
            &operands,
            function.types.state,
            &attributes,
        );
        let mut reader = Self {
            behind,
            function: *function,
            state,
            known: IndexMap::default(),
            held: IndexMap::default(),
        };
        for (old, new) in point
            .locals
            .iter()
            .zip(locals)
            .chain(point.stack.iter().zip(stack))
        {
            reader.held.insert(value_key(*old), new);
        }
        if let Some(value) = point.sent_for {
            reader
                .held
                .insert(value_key(value), result_of(point.sent, 0));
        }
        reader
    }

    fn read(&mut self, value: Value<'c, 'a>) -> Value<'c, 'a> {
        if let Some(known) = self.known.get(&value_key(value)) {
            return *known;
        }
        if let Some(object) = self.held(value) {
            let new = match self.function.types.is_native(value.r#type()) {
                true => {
                    let operands = [object, self.state];
                    self.behind
                        .value("py.unbox", &operands, value.r#type(), &[])
                }
                false => object,
            };
            self.known.insert(value_key(value), new);
            return new;
        }
        let Some(op) = recomputed(value) else {
            return value;
        };
        let operands: Vec<_> = op.operands().map(|operand| self.operand(operand)).collect();
        let mut copy = Operation::clone(&op);
        for (index, operand) in operands.into_iter().enumerate() {
            set_operand(&mut copy, index, operand);
        }
        let new = result_of(self.behind.insert(copy), 0);
        self.known.insert(value_key(value), new);
        new
    }

    /// What the frame has of a value: itself, or the object that it is in.
    fn held(&self, value: Value<'c, 'a>) -> Option<Value<'c, 'a>> {
        let held = |value| self.held.get(&value_key(value)).copied();
        held(value).or_else(|| boxes(value).into_iter().find_map(held))
    }

    fn operand(&mut self, operand: Value<'c, 'a>) -> Value<'c, 'a> {
        match operand {
            _ if is_state(operand) => self.state,
            _ if is_constant(operand) => operand,
            _ => self.read(operand),
        }
    }
}

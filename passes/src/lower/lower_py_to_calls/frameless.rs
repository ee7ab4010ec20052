//! Functions without a frame: how arguments get in, and the frame that is made when such a function leaves.
//!
//! ```text
//! ptr @leaf(ptr %tstate, ptr %function, ptr %arguments)
//! (T, i64) @native(ptr %tstate, ptr %function, i64 %depth, i64 %version, T...)
//! ```
//!
//! `native` yields its result with a status: 0, or [`LEFT`] with a frame made, or [`REFUSED`] when nothing has happened,
//! because `%depth` calls are as many as may be nested, or because the eval breaker is not `%version` any more.

use super::{
    emit::{Compare, Lowering, integer},
    indices::Indices,
    tables::Tables,
};
use crate::modes::Numbers;
use crate::{
    PassError,
    cfg::{name_of, operand_of},
    cursor::{Cursor, Weights, result_of},
    function::{FrameKind, Function},
};
use melior::ir::{
    Attribute, Block, BlockLike, BlockRef, OperationRef, RegionLike, Type, Value, ValueLike,
    attribute::TypeAttribute,
    operation::{OperationLike, OperationMutLike, OperationRefMut},
    r#type::FunctionType,
};
use stepwell_abi::{self as abi, layout};
use stepwell_dialects::ir::{
    erase_block_argument, has_uses, insert_block_argument, replace_uses, split_block_before, uses,
};

/// The symbol of a native form.
pub const NATIVE: &str = "native";
/// The call has left for the interpreter, and its frame has been made.
const LEFT: i64 = 1;
/// The call has not begun.
const REFUSED: i64 = 2;

/// What stands for the frame.
#[derive(Clone)]
pub struct Frameless<'c, 'a> {
    /// The function that is called.
    function: Value<'c, 'a>,
    /// The arguments: objects, or numbers.
    arguments: Vec<Value<'c, 'a>>,
    native: Option<Native<'c, 'a>>,
    /// Boxes of arguments that the block which is being lowered holds until it leaves.
    held: Vec<Value<'c, 'a>>,
}

/// What only a native form has.
#[derive(Clone)]
struct Native<'c, 'a> {
    depth: Value<'c, 'a>,
    /// The parameters as objects, which do not exist.
    objects: Vec<Value<'c, 'a>>,
    result: Type<'c>,
    entry: BlockRef<'c, 'a>,
}

/// Gives a function without a frame its machine arguments.
pub fn enter<'c, 'a, 't>(
    function: &Function<'c, 'a>,
    entry: BlockRef<'c, 'a>,
    tables: &'t mut Tables,
) -> Lowering<'c, 'a, 't> {
    let types = function.types;
    let location = function.op.location();
    let objects: Vec<Value> = (0..entry.argument_count())
        .filter_map(|index| Some(entry.argument(index).ok()?.into()))
        .collect();
    let mut place = 0;
    let mut add = |r#type| {
        place += 1;
        insert_block_argument(entry, place - 1, r#type, location)
    };
    let (tstate, callee) = (add(types.ptr), add(types.ptr));
    let mut lowering = Lowering {
        nosign: Numbers::of(function.op).is_unsigned(),
        function: *function,
        tables,
        tstate,
        // There is none until the function leaves.
        frame: tstate,
        code: tstate,
        version: tstate,
        sent: None,
        scratch: tstate,
        frameless: None,
        indices: Indices::default(),
        told: None,
        parkings: Vec::new(),
    };
    let mut this = Frameless {
        function: callee,
        arguments: Vec::new(),
        native: None,
        held: Vec::new(),
    };
    if function.frame_kind() == FrameKind::Leaf {
        let array = add(types.ptr);
        let cursor = function.at_start(entry, location);
        for (index, object) in objects.iter().enumerate() {
            if is_passed_on(*object) && !function.is_typed_parameter(index) {
                lowering.tables.leave_untyped(index);
            }
            let address = lowering.at(&cursor, array, index * layout::SLOT);
            let argument = lowering.load(&cursor, types.ptr, address);
            replace_uses(*object, argument);
            this.arguments.push(argument);
        }
        for _ in &objects {
            erase_block_argument(entry, 3);
        }
    } else {
        let depth = add(types.i64);
        lowering.version = add(types.i64);
        let natives = objects.iter().map(|object| number_type(function, *object));
        this.arguments = natives.map(add).collect();
        this.native = Some(Native {
            depth,
            objects,
            result: result_type(function),
            entry,
        });
    }
    lowering.frameless = Some(this);
    lowering
}

/// Whether the type of a parameter makes no difference.
fn is_passed_on(parameter: Value) -> bool {
    const BLIND: [&str; 4] = ["func.return", "py.decref", "py.frame_state", "py.incref"];
    uses(parameter)
        .into_iter()
        .all(|(user, _)| BLIND.contains(&name_of(user)))
}

/// The type of a parameter of a native form: what it is unboxed to, a number of 64 bits if it never is.
fn number_type<'c>(function: &Function<'c, '_>, parameter: Value<'c, '_>) -> Type<'c> {
    let mut users = uses(parameter).into_iter().map(|(user, _)| user);
    let unbox = users.find(|user| name_of(*user) == "py.try_unbox");
    unbox.map_or(function.types.i64, |op| result_of(op, 0).r#type())
}

fn result_type<'c>(function: &Function<'c, '_>) -> Type<'c> {
    let signature = function.op.attribute("function_type").ok();
    let signature = signature.and_then(|signature| TypeAttribute::try_from(signature).ok());
    let signature = signature.and_then(|signature| FunctionType::try_from(signature.value()).ok());
    signature
        .and_then(|signature| signature.result(0).ok())
        .unwrap_or(function.types.i64)
}

/// Lowers an op of this family.
pub fn lower<'c, 'a>(lowering: &mut Lowering<'c, 'a, '_>, op: OperationRef<'c, 'a>) -> bool {
    let cursor = lowering.function.before(op);
    match name_of(op) {
        "py.this_function" => {
            let this = lowering.frameless.as_ref().map(|this| this.function);
            let this = this.unwrap_or_else(|| {
                let place = lowering.at(&cursor, lowering.frame, layout::FRAME_FUNCTION);
                lowering.load(&cursor, lowering.types().ptr, place)
            });
            lowering.replace(op, 0, this);
        }
        "py.load_closure" => return cell(lowering, &cursor, op).is_some(),
        "py.try_call_this" => call_this(lowering, &cursor, op),
        _ => return false,
    }
    true
}

/// A cell of the closure of the function that is called without a frame; `None` when it has one.
fn cell<'c, 'a>(
    lowering: &Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
) -> Option<()> {
    let ptr = lowering.types().ptr;
    let function = lowering.frameless.as_ref()?.function;
    let closure = lowering.at(cursor, function, layout::FUNCTION_CLOSURE);
    let closure = lowering.load(cursor, ptr, closure);
    let place = layout::TUPLE_ITEMS + integer(op, "index") as usize * layout::SLOT;
    let place = lowering.at(cursor, closure, place);
    lowering.replace(op, 0, lowering.load(cursor, ptr, place));
    Some(())
}

fn call_this<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
) {
    let i64 = lowering.types().i64;
    let Some(callable) = operand_of(op, 0) else {
        return;
    };
    let native = lowering.frameless.as_ref();
    let native = native.and_then(|this| Some((this.function, this.native.as_ref()?.depth)));
    let (callee, depth) = match native {
        Some((function, depth)) => {
            let one = lowering.int(cursor, i64, 1);
            (
                function,
                cursor.value("arith.subi", &[depth, one], i64, &[]),
            )
        }
        None => {
            let row = abi::function("sw_depth_left").expect("the table has the depth");
            let arguments = [lowering.tstate, lowering.frame, callable];
            let depth = lowering.call(cursor, row, &arguments);
            (callable, depth.expect("it is a number"))
        }
    };
    let mut arguments = vec![lowering.tstate, callee, depth, lowering.version];
    arguments.extend(op.operands().skip(1));
    let results = [result_of(op, 0).r#type(), i64];
    let name = [("callee", cursor.symbol(NATIVE))];
    let call = cursor.op("func.call", &arguments, &results, &name);
    let status = result_of(call, 1);
    let zero = lowering.int(cursor, i64, 0);
    let left = lowering.int(cursor, i64, LEFT);
    let ok = lowering.compare(cursor, Compare::Eq, status, zero);
    let left = lowering.compare(cursor, Compare::Eq, status, left);
    lowering.replace(op, 0, result_of(call, 0));
    lowering.replace(op, 1, ok);
    lowering.replace(op, 2, left);
}

/// In a block that leaves, makes the frame with the arguments in it; nothing to do in other blocks.
pub fn begin_leave<'c, 'a>(lowering: &mut Lowering<'c, 'a, '_>, block: BlockRef<'c, 'a>) {
    let Some(mut this) = lowering.frameless.clone() else {
        return;
    };
    this.held.clear();
    let Some(exit) = block.terminator().filter(|op| name_of(*op) == "py.exit") else {
        return;
    };
    let ptr = lowering.types().ptr;
    let cursor = lowering.function.at_start(block, exit.location());
    let row = abi::function("sw_begin_leave").expect("the table has the frame");
    let frame = lowering.call(&cursor, row, &[this.function]);
    lowering.frame = frame.expect("it is a frame");
    let executable = lowering.at(&cursor, lowering.frame, layout::FRAME_EXECUTABLE);
    let executable = lowering.load(&cursor, ptr, executable);
    lowering.code = lowering.at(&cursor, executable, layout::CODE_BYTECODE);
    for (index, argument) in this.arguments.iter().enumerate() {
        let object = match &this.native {
            None => *argument,
            Some(native) => {
                let object = super::values::boxed(lowering, &cursor, *argument);
                replace_uses_in(block, native.objects[index], object);
                this.held.push(object);
                object
            }
        };
        lowering.call_helper(&cursor, "incref", &[object], &[]);
        let offset = layout::FRAME_LOCALSPLUS + index * layout::SLOT;
        let place = lowering.at(&cursor, lowering.frame, offset);
        lowering.store(&cursor, object, place);
    }
    lowering.frameless = Some(this);
}

fn replace_uses_in<'c, 'a>(block: BlockRef<'c, 'a>, old: Value<'c, 'a>, new: Value<'c, 'a>) {
    for (user, operand) in uses(old) {
        if user.block() == Some(block) {
            // SAFETY: the op is alive and nobody else holds a reference to it that would see the change.
            let mut user = unsafe { OperationRefMut::from_raw(user.to_raw()) };
            user.set_operand(operand, new);
        }
    }
}

/// Leaves, the frame being complete; false when the function has a frame of its own.
pub fn leave<'c, 'a>(lowering: &mut Lowering<'c, 'a, '_>, cursor: &Cursor<'c, 'a>) -> bool {
    let Some(this) = lowering.frameless.clone() else {
        return false;
    };
    for object in &this.held {
        lowering.call_helper(cursor, "decref", &[*object], &[]);
    }
    match &this.native {
        None => {
            let status = lowering.status(cursor, abi::EXIT);
            cursor.op("func.return", &[status], &[], &[]);
        }
        Some(native) => return_status(lowering, cursor, native.result, LEFT),
    }
    true
}

fn return_status<'c, 'a>(
    lowering: &Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    result: Type<'c>,
    status: i64,
) {
    let nothing = cursor.value("llvm.mlir.zero", &[], result, &[]);
    let status = lowering.int(cursor, lowering.types().i64, status);
    cursor.op("func.return", &[nothing, status], &[], &[]);
}

/// Adds the status to a return of a native form.
pub fn complete_return<'c, 'a>(lowering: &Lowering<'c, 'a, '_>, op: OperationRef<'c, 'a>) {
    let is_native = lowering
        .frameless
        .as_ref()
        .is_some_and(|this| this.native.is_some());
    if let Some(value) = operand_of(op, 0).filter(|_| is_native) {
        let cursor = lowering.function.before(op);
        let zero = lowering.int(&cursor, lowering.types().i64, 0);
        cursor.op("func.return", &[value, zero], &[], &[]);
        crate::cfg::erase(op);
    }
}

/// Puts the numbers in the place of the parameters that were unboxed, and the test in front of everything.
pub fn finish(lowering: &mut Lowering) -> Result<(), PassError> {
    let Some(this) = lowering.frameless.clone() else {
        return Ok(());
    };
    let Some(native) = this.native else {
        return Ok(());
    };
    for object in &native.objects {
        if has_uses(*object) {
            return Err(lowering
                .function
                .bug("a native form uses a parameter as an object"));
        }
        erase_block_argument(native.entry, 4 + this.arguments.len());
    }
    refuse_first(lowering, &native);
    Ok(())
}

/// Whether an object is a parameter of a native form, whose number is known: that number.
pub fn known_number<'c, 'a>(
    lowering: &Lowering<'c, 'a, '_>,
    object: Value<'c, 'a>,
) -> Option<Value<'c, 'a>> {
    let this = lowering.frameless.as_ref()?;
    let objects = &this.native.as_ref()?.objects;
    let index = objects.iter().position(|known| *known == object)?;
    Some(this.arguments[index])
}

fn refuse_first<'c, 'a>(lowering: &Lowering<'c, 'a, '_>, native: &Native<'c, 'a>) {
    let Some(first) = native.entry.first_operation() else {
        return;
    };
    let function = lowering.function;
    let types = lowering.types();
    let rest = split_block_before(first);
    let refusing = function.region.append_block(Block::new(&[]));
    let cursor = function.at_end(native.entry, function.op.location());
    let place = lowering.at(&cursor, lowering.tstate, layout::TS_EVAL_BREAKER);
    let volatile = [("volatile_", Attribute::unit(cursor.context))];
    let breaker = cursor.value("llvm.load", &[place], types.i64, &volatile);
    let work = lowering.compare(&cursor, Compare::Ne, breaker, lowering.version);
    let one = lowering.int(&cursor, types.i64, 1);
    let deep = lowering.compare(&cursor, Compare::Slt, native.depth, one);
    let refused = cursor.value("arith.ori", &[work, deep], types.i1, &[]);
    cursor.choose(refused, refusing, rest, Weights::Cold);
    let cursor = function.at_end(refusing, function.op.location());
    return_status(lowering, &cursor, native.result, REFUSED);
}

/// The machine signature of a native form whose arguments are in place.
pub fn native_signature<'c>(function: &Function<'c, '_>) -> FunctionType<'c> {
    let entry = function.region.first_block();
    let parameters: Vec<_> = entry
        .into_iter()
        .flat_map(|entry| {
            (0..entry.argument_count())
                .filter_map(move |index| Some(entry.argument(index).ok()?.r#type()))
        })
        .collect();
    let results = [result_type(function), function.types.i64];
    FunctionType::new(function.context, &parameters, &results)
}

/// Keeps the native form to the module.
pub fn hide(function: &Function) {
    let internal = Attribute::parse(function.context, "#llvm.linkage<internal>");
    if let Some(internal) = internal {
        // SAFETY: the function is alive and nobody else holds a reference to it that would see the change.
        let mut op = unsafe { OperationRefMut::from_raw(function.op.to_raw()) };
        op.set_discardable_attribute("llvm.linkage", internal);
    }
}

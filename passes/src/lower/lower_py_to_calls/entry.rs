//! The start of a function: its signature, the frame, the scratch array.

use super::{
    arrays,
    emit::{Lowering, type_attribute},
    frameless,
    indices::Indices,
    natives, parking,
    tables::Tables,
};
use crate::{
    PassError,
    cfg::{Cfg, name_of},
    cursor::Cursor,
    function::{FrameKind, Function},
    modes::Numbers,
};
use melior::ir::{
    BlockLike, BlockRef, Value, ValueLike,
    operation::{OperationLike, OperationMutLike, OperationRefMut},
    r#type::FunctionType,
};
use stepwell_abi::layout;
use stepwell_dialects::ir::{
    erase_block_argument, insert_block_argument, operations, replace_uses,
};

/// Beside its arguments, a call passes a place for the callee's use and `self`.
pub const CALL_EXTRA: usize = 2;

/// Whether the function has nothing to do with Python: it is a helper, or was lowered before.
pub fn is_lowered(function: &Function) -> bool {
    function.op.attribute("py.kind").is_err()
}

/// Gives the function its machine arguments, and sets up what its ops will need.
pub fn enter<'c, 'a, 't>(
    function: &Function<'c, 'a>,
    cfg: &Cfg<'c, 'a>,
    tables: &'t mut Tables,
) -> Result<Lowering<'c, 'a, 't>, PassError> {
    let Some(entry) = cfg.blocks.first().copied() else {
        return Err(function.bug("a function without blocks"));
    };
    if function.op.has_attribute("py.baseline") {
        tables.count_down();
    }
    if function.frame_kind() != FrameKind::Pushed {
        return Ok(frameless::enter(function, entry, tables));
    }
    let is_step = function.is_step();
    let scratch_size = scratch_size(function, cfg);
    let ptr = function.types.ptr;
    let location = function.op.location();
    let tstate = insert_block_argument(entry, 0, ptr, location);
    let frame = insert_block_argument(entry, 1, ptr, location);
    let sent = is_step.then(|| insert_block_argument(entry, 2, ptr, location));
    let cursor = function.at_start(entry, location);
    // What is read from the frame is not known yet; the frame stands in for it.
    let mut lowering = Lowering {
        function: *function,
        tables,
        tstate,
        frame,
        code: frame,
        version: frame,
        sent,
        frameless: None,
        indices: Indices::default(),
        nosign: Numbers::of(function.op).is_unsigned(),
        scratch: frame,
        told: None,
        parkings: Vec::new(),
    };
    lowering.scratch = scratch(&lowering, &cursor, scratch_size);
    lowering.parkings = parking::arrays(&lowering, &cursor, cfg);
    let executable = lowering.at(&cursor, frame, layout::FRAME_EXECUTABLE);
    let executable = lowering.load_invariant(&cursor, ptr, executable);
    lowering.code = lowering.at(&cursor, executable, layout::CODE_BYTECODE);
    let version = lowering.at(&cursor, executable, layout::CODE_INSTRUMENTATION_VERSION);
    lowering.version = lowering.load(&cursor, function.types.i64, version);
    read_parameters(&lowering, &cursor, entry, if is_step { 3 } else { 2 });
    Ok(lowering)
}

fn scratch<'c, 'a>(
    lowering: &Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    size: usize,
) -> Value<'c, 'a> {
    let size = lowering.int(cursor, lowering.types().i64, size as i64);
    let element = ("elem_type", type_attribute(lowering.types().ptr));
    cursor.value("llvm.alloca", &[size], lowering.types().ptr, &[element])
}

/// How many pointers the largest op passes in memory.
fn scratch_size(function: &Function, cfg: &Cfg) -> usize {
    let is_object = |value: Value| value.r#type() == function.types.object;
    let sizes = cfg
        .blocks
        .iter()
        .flat_map(|block| operations(*block))
        .map(|op| {
            let passed = match name_of(op) {
                "py.call" => op.operand_count() + CALL_EXTRA,
                "py.describe" => arrays::described(op),
                "py.read_scalar" => 1,
                "py.convert" | "py.box" => natives::WORDS,
                name if name.starts_with("py.build_") => op.operand_count(),
                _ => 0,
            };
            passed.max(
                op.results()
                    .filter(|result| is_object((*result).into()))
                    .count(),
            )
        });
    sizes.max().unwrap_or(0).max(1)
}

/// The parameters are in the first slots.
fn read_parameters<'c, 'a>(
    lowering: &Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    entry: BlockRef<'c, 'a>,
    first: usize,
) {
    for slot in 0..entry.argument_count().saturating_sub(first) {
        let Ok(argument) = entry.argument(first + slot) else {
            continue;
        };
        let place = lowering.at(
            cursor,
            lowering.frame,
            layout::FRAME_LOCALSPLUS + slot * layout::SLOT,
        );
        let value = lowering.load(cursor, lowering.types().ptr, place);
        replace_uses(argument.into(), value);
    }
    for index in (first..entry.argument_count()).rev() {
        erase_block_argument(entry, index);
    }
}

/// Gives a lowered function its machine signature and its name, and takes away what only passes above needed.
pub fn sign(function: &Function) {
    let is_step = function.is_step();
    let ptr = function.types.ptr;
    let signature = match function.frame_kind() {
        FrameKind::Native => frameless::native_signature(function),
        FrameKind::Leaf => FunctionType::new(function.context, &[ptr; 3], &[ptr]),
        FrameKind::Pushed if is_step => FunctionType::new(function.context, &[ptr; 3], &[ptr]),
        FrameKind::Pushed => FunctionType::new(function.context, &[ptr; 2], &[ptr]),
    };
    // SAFETY: the function is alive and nobody else holds a reference to it that would see the change.
    let mut op = unsafe { OperationRefMut::from_raw(function.op.to_raw()) };
    op.set_attribute("function_type", type_attribute(signature.into()));
    let name = match function.frame_kind() {
        FrameKind::Native => {
            frameless::hide(function);
            frameless::NATIVE
        }
        FrameKind::Leaf => "leaf",
        FrameKind::Pushed if is_step => "step",
        FrameKind::Pushed => "body",
    };
    op.set_attribute(
        "sym_name",
        melior::ir::attribute::StringAttribute::new(function.context, name).into(),
    );
    let own: Vec<String> = function
        .op
        .attributes()
        .filter_map(|(name, _)| Some(name.as_string_ref().as_str().ok()?.to_owned()))
        .filter(|name| name.starts_with("py."))
        .collect();
    for name in own {
        // The names were just read from the op.
        let _ = op.remove_attribute(&name);
    }
}

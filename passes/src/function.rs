//! What the passes over functions share: how they go over a module, and how they read a function.

use crate::{
    PassError, PassOutcome,
    cfg::{name_of, operand_of, value_key},
    cursor::Cursor,
    inspect::string,
    lower::lower_py_to_num::TYPED_PARAMETERS,
};
use melior::{
    Context,
    ir::{
        BlockLike, BlockRef, Location, Module, OperationRef, RegionRef, Value,
        attribute::{ArrayAttribute, DenseI32ArrayAttribute, StringAttribute},
        operation::{OperationLike, OperationMutLike, OperationRefMut},
    },
};
use stepwell_dialects::{
    ir::{PrintOptions, Types, functions, print_operation},
    ownership::op_info,
};

/// What the calls of a function have for a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameKind {
    /// The caller pushes one.
    Pushed,
    /// None; the arguments are objects in an array.
    Leaf,
    /// None; arguments and result are native values.
    Native,
}

/// A function and what is needed to rewrite it.
#[derive(Clone, Copy)]
pub struct Function<'c, 'a> {
    /// The context of the module.
    pub context: &'c Context,
    /// The usual types.
    pub types: Types<'c>,
    /// The `func.func`.
    pub op: OperationRef<'c, 'a>,
    /// Its body.
    pub region: RegionRef<'c, 'a>,
    pass: &'static str,
}

impl<'c, 'a> Function<'c, 'a> {
    /// A copy of the function.
    pub fn copied(&self, op: OperationRef<'c, 'a>, region: RegionRef<'c, 'a>) -> Self {
        Self {
            op,
            region,
            ..*self
        }
    }

    /// A cursor in front of an op of this function.
    pub fn before(&self, op: OperationRef<'c, 'a>) -> Cursor<'c, 'a> {
        Cursor::before(self.context, self.types, op)
    }

    /// A cursor behind an op of this function.
    pub fn after(&self, op: OperationRef<'c, 'a>) -> Cursor<'c, 'a> {
        Cursor::after(self.context, self.types, op)
    }

    /// A cursor at the end of a block of this function.
    pub fn at_end(&self, block: BlockRef<'c, 'a>, location: Location<'c>) -> Cursor<'c, 'a> {
        Cursor::at_end(self.context, self.types, block, location)
    }

    /// A cursor at the start of a block of this function.
    pub fn at_start(&self, block: BlockRef<'c, 'a>, location: Location<'c>) -> Cursor<'c, 'a> {
        Cursor::at_start(self.context, self.types, block, location)
    }

    /// The name of a slot of `localsplus`, empty if the function does not tell.
    pub fn local_name(&self, slot: usize) -> &'c str {
        let name = self.locals().and_then(|names| names.element(slot).ok());
        name.and_then(string).unwrap_or_default()
    }

    /// How many slots `localsplus` has below the evaluation stack.
    pub fn slot_count(&self) -> usize {
        self.locals().map_or(0, |names| names.len())
    }

    /// The slots that are not kept current, because only native values are assigned to them.
    pub fn native_slots(&self) -> Vec<usize> {
        self.numbers("py.native_slots")
    }

    /// Whether something was made of a parameter that is right only for its type, though it may not use the value.
    pub fn is_typed_parameter(&self, index: usize) -> bool {
        self.numbers(TYPED_PARAMETERS).contains(&index)
    }

    fn numbers(&self, name: &str) -> Vec<usize> {
        let list = self.op.attribute(name).ok();
        let list = list.and_then(|list| DenseI32ArrayAttribute::try_from(list).ok());
        let Some(list) = list else {
            return Vec::new();
        };
        (0..list.len())
            .filter_map(|index| usize::try_from(list.element(index).ok()?).ok())
            .collect()
    }

    /// What its calls have for a frame.
    pub fn frame_kind(&self) -> FrameKind {
        match crate::inspect::str_attribute(self.op, "py.frame") {
            Some("leaf") => FrameKind::Leaf,
            Some("native") => FrameKind::Native,
            _ => FrameKind::Pushed,
        }
    }

    /// Says what its calls have for a frame.
    pub fn set_frame_kind(&self, kind: FrameKind) {
        let name = match kind {
            FrameKind::Pushed => return,
            FrameKind::Leaf => "leaf",
            FrameKind::Native => "native",
        };
        // SAFETY: the function is alive and nobody else holds a reference to it that would see the change.
        let mut op = unsafe { OperationRefMut::from_raw(self.op.to_raw()) };
        let name = StringAttribute::new(self.context, name).into();
        op.set_discardable_attribute("py.frame", name);
    }

    /// Whether the function is a step of a generator or coroutine.
    pub fn is_step(&self) -> bool {
        let kind = self.op.attribute("py.kind").ok();
        let kind = kind.and_then(|kind| StringAttribute::try_from(kind).ok());
        kind.is_some_and(|kind| kind.value() != "function")
    }

    fn locals(&self) -> Option<ArrayAttribute<'c>> {
        ArrayAttribute::try_from(self.op.attribute("py.locals").ok()?).ok()
    }

    /// `py.load_local slot`.
    pub fn load_local(&self, cursor: &Cursor<'c, 'a>, slot: usize) -> Value<'c, 'a> {
        let name = cursor.string(self.local_name(slot));
        let attributes = [("index", cursor.i32(slot as i64)), ("name", name)];
        cursor.value("py.load_local", &[], self.types.object, &attributes)
    }

    /// `py.store_local slot, value at state`.
    pub fn store_local(
        &self,
        cursor: &Cursor<'c, 'a>,
        slot: usize,
        value: Value<'c, 'a>,
        state: Value<'c, 'a>,
    ) {
        let name = cursor.string(self.local_name(slot));
        let attributes = [("index", cursor.i32(slot as i64)), ("name", name)];
        cursor.op("py.store_local", &[value, state], &[], &attributes);
    }

    /// The IR is not what the pass requires.
    pub fn bug(&self, message: impl Into<String>) -> PassError {
        PassError::Bug {
            pass: self.pass.to_owned(),
            message: message.into(),
            ir: print_operation(&self.op, PrintOptions::default()),
        }
    }
}

/// The `raised` of an op under a handler, or of one whose failure has become an edge.
pub fn raised<'c, 'a>(op: OperationRef<'c, 'a>) -> Option<Value<'c, 'a>> {
    let info = op_info(name_of(op)).filter(|info| info.raises)?;
    let segments = op.attribute("resultSegmentSizes").ok();
    let present =
        match segments.and_then(|segments| DenseI32ArrayAttribute::try_from(segments).ok()) {
            Some(segments) => segments
                .element(segments.len().checked_sub(1)?)
                .is_ok_and(|size| size == 1),
            None => op.result_count() > info.fixed_results,
        };
    let last = op.result_count().checked_sub(1)?;
    present
        .then(|| op.result(last).ok())
        .flatten()
        .map(Value::from)
}

/// The branch behind an op that is taken when the op fails.
pub fn failure_branch<'c, 'a>(op: OperationRef<'c, 'a>) -> Option<OperationRef<'c, 'a>> {
    let raised = raised(op)?;
    let branch = op.block()?.terminator()?;
    let condition = operand_of(branch, 0)?;
    (name_of(branch) == "cf.cond_br" && value_key(condition) == value_key(raised)).then_some(branch)
}

/// Runs a rewrite over every function that has a body.
pub fn for_each_function<'c>(
    pass: &'static str,
    context: &'c Context,
    module: &Module<'c>,
    mut rewrite: impl FnMut(&Function<'c, '_>) -> Result<PassOutcome, PassError>,
) -> Result<PassOutcome, PassError> {
    let types = Types::new(context);
    let mut outcome = PassOutcome::Unchanged;
    for op in functions(module) {
        let Ok(region) = op.region(0) else { continue };
        if stepwell_dialects::ir::blocks(region).is_empty() {
            continue;
        }
        let function = Function {
            context,
            types,
            op,
            region,
            pass,
        };
        if rewrite(&function)? == PassOutcome::Changed {
            outcome = PassOutcome::Changed;
        }
    }
    Ok(outcome)
}

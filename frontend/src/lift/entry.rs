//! How blocks and the function itself begin.

use super::LiftOptions;
use super::builder::{Frame, Lifter};
use crate::bytecode::{Handler, Instruction, Opcode};
use crate::cfg::{BlockId, Edge};
use crate::code::{Code, Flags};
use crate::error::FrontendError;
use crate::program::Program;
use melior::Context;
use melior::dialect::func;
use melior::ir::attribute::{ArrayAttribute, IntegerAttribute, StringAttribute, TypeAttribute};
use melior::ir::r#type::FunctionType;
use melior::ir::{Attribute, BlockLike, Identifier, Location, Operation, Region, Type, Value};
use stepwell_dialects::ir::Types;

impl<'c, 'a> Lifter<'c, 'a> {
    /// Lifts the first block, or branches to it if something else does, too.
    pub(super) fn enter_function(&mut self) -> Result<(), FrontendError> {
        let entry = self.cfg.entry();
        if self.needs_unbound() {
            let location = self.locations.definition();
            let object = self.types.object;
            self.unbound = Some(self.op_at(location, "py.null", &[], &[], &[object])?[0]);
        }
        let first = if self.program.code().is_generator() {
            self.enter_step()?
        } else {
            self.enter_call()?;
            0
        };
        if self.cfg.predecessors(entry).is_empty() {
            return self.lift_block(entry, first);
        }
        if first != 0 {
            return Err(self.unsupported("a generator jumps to its first instruction"));
        }
        let destination = self.arrive(entry)?;
        let location = self.locations.definition();
        self.blocks.jump(self.block, destination, location);
        Ok(())
    }

    /// Whether a local is ever unbound: at the start of a call, or because an instruction does it.
    fn needs_unbound(&self) -> bool {
        let code = self.program.code();
        let unbinds = |instruction: &Instruction| {
            let opcode = instruction.opcode();
            matches!(opcode, Opcode::DeleteFast | Opcode::LoadFastAndClear)
        };
        !code.is_generator() && code.parameter_count() < code.slots.len()
            || self.program.instructions().iter().any(unbinds)
    }

    /// The locals at a call: the parameters, all others unbound.
    fn enter_call(&mut self) -> Result<(), FrontendError> {
        let parameters = self.block.argument_count();
        let mut locals: Vec<Value<'c, 'a>> = (0..parameters)
            .filter_map(|index| Some(self.block.argument(index).ok()?.into()))
            .collect();
        let slots = self.program.code().slots.len();
        if let Some(null) = self.unbound {
            locals.resize(slots, null);
        }
        self.frame = Frame {
            locals,
            stack: Vec::new(),
        };
        Ok(())
    }

    /// The frame of a generator behind `RETURN_GENERATOR`, whose number is the result plus one: what was sent is on
    /// the stack, the locals are where the interpreter has put them.
    fn enter_step(&mut self) -> Result<usize, FrontendError> {
        let range = self.cfg.block(self.cfg.entry()).instructions.clone();
        let suspended = range
            .clone()
            .find(|&index| self.program.instructions()[index].opcode() == Opcode::ReturnGenerator);
        let behind = suspended
            .map(|index| index + 1)
            .filter(|index| range.contains(index));
        let behind = behind.ok_or_else(|| self.unsupported("a generator that is never made"))?;
        let object = self.types.object;
        let definition = self.locations.definition();
        let code = self.program.code();
        for (slot, variable) in code.slots.iter().enumerate() {
            let location = self.locations.named(slot, definition);
            let attributes = [
                ("index", self.i32(slot as u32)),
                ("name", self.string(&variable.name)),
            ];
            let local = self.op_at(location, "py.load_local", &attributes, &[], &[object])?[0];
            self.frame.locals.push(local);
        }
        let sent = self.op_at(definition, "state.sent", &[], &[], &[object])?[0];
        self.frame.stack.push(sent);
        Ok(behind)
    }

    /// The arguments of a block that branches go to: all locals and stack entries, and the place of the failure where
    /// a handler wants it.
    pub(super) fn block_arguments(
        &self,
        block: BlockId,
    ) -> Result<Vec<(Type<'c>, Location<'c>)>, FrontendError> {
        let first = self.cfg.block(block).instructions.start;
        let location = self.locations.of(&self.program.instructions()[first]);
        let object = self.types.object;
        let slots = 0..self.program.code().slots.len();
        let mut arguments: Vec<_> = slots
            .map(|slot| (object, self.locations.named(slot, location)))
            .collect();
        if let Some(handler) = self.handler_at(block)? {
            arguments.extend((0..handler.depth).map(|_| (object, location)));
            arguments.extend(handler.lasti.then_some((self.types.i64, location)));
        } else {
            let depth = self.depths.before(first).unwrap_or_default();
            arguments.extend((0..depth).map(|_| (object, location)));
        }
        Ok(arguments)
    }

    /// Goes to the beginning of a block that is a target of branches.
    pub(super) fn enter_block(&mut self, block: BlockId) -> Result<(), FrontendError> {
        let (start, mut values) = self.blocks.target(block.index());
        self.block = start;
        self.open = true;
        self.index = self.cfg.block(block).instructions.start;
        let mut stack = values.split_off(self.program.code().slots.len());
        if let Some(handler) = self.handler_at(block)? {
            let object = self.types.object;
            let location = self.location();
            let exception = self.op_at(location, "py.fetch_exception", &[], &[], &[object])?[0];
            if let Some(place) = handler.lasti.then(|| stack.pop()).flatten() {
                stack.push(self.op_at(location, "py.box", &[], &[place], &[object])?[0]);
            }
            stack.push(exception);
        }
        self.frame = Frame {
            locals: values,
            stack,
        };
        Ok(())
    }

    /// What a block is the handler of. All that it covers must agree on what it keeps, and nothing may jump to it.
    fn handler_at(&self, block: BlockId) -> Result<Option<Handler>, FrontendError> {
        if !self.is_handler(block) {
            return Ok(None);
        }
        let mut found: Option<Handler> = None;
        for (edge, source) in self.cfg.predecessors(block) {
            let handler = self
                .cfg
                .block(source)
                .handler
                .filter(|_| edge == Edge::Exception);
            let agrees = |handler: &Handler| {
                found.is_none_or(|found| {
                    (found.depth, found.lasti) == (handler.depth, handler.lasti)
                })
            };
            let handler = handler.filter(agrees);
            found = Some(handler.ok_or_else(|| self.unsupported("a handler with several uses"))?);
        }
        Ok(found)
    }

    /// A refusal at the instruction being lifted.
    pub(super) fn unsupported(&self, reason: &str) -> FrontendError {
        let line = self.instruction().position.line;
        FrontendError::Unsupported {
            line: line.unwrap_or(self.program.code().firstlineno),
            reason: reason.to_owned(),
        }
    }
}

/// The function around a body.
pub(super) fn function<'c>(
    context: &'c Context,
    program: &Program,
    options: &LiftOptions,
    body: Region<'c>,
) -> Result<Operation<'c>, FrontendError> {
    let code = program.code();
    let object = Types::new(context).object;
    let parameters = if code.is_generator() {
        Vec::new()
    } else {
        vec![object; code.parameter_count().min(code.slots.len())]
    };
    let signature = FunctionType::new(context, &parameters, &[object]);
    Ok(func::func(
        context,
        StringAttribute::new(context, &code.name),
        TypeAttribute::new(signature.into()),
        body,
        &attributes(context, program, options)?,
        Location::new(context, code.file_basename(), code.firstlineno as usize, 0),
    ))
}

fn attributes<'c>(
    context: &'c Context,
    program: &Program,
    options: &LiftOptions,
) -> Result<Vec<(Identifier<'c>, Attribute<'c>)>, FrontendError> {
    let code = program.code();
    let i32 = |value: i64| IntegerAttribute::new(Types::new(context).i32, value).into();
    let string = |text: &str| -> Attribute<'c> { StringAttribute::new(context, text).into() };
    let names: Vec<_> = code.slots.iter().map(|slot| string(&slot.name)).collect();
    let count = code.parameter_count() as i64;
    let mut list: Vec<(&str, Attribute<'c>)> = vec![
        ("py.qualname", string(&code.qualname)),
        ("py.kind", string(kind(code))),
        ("py.locals", ArrayAttribute::new(context, &names).into()),
        ("py.argcount", i32(count)),
    ];
    list.extend(first_step(program).map(|offset| ("py.start", i32(offset))));
    list.extend(
        options
            .mode
            .as_deref()
            .map(|mode| ("py.mode", string(mode))),
    );
    list.extend(
        options
            .this
            .as_deref()
            .map(|name| ("py.this", string(name))),
    );
    list.extend(
        options
            .elide
            .then(|| ("py.elide", Attribute::unit(context))),
    );
    if let Some(types) = &options.param_types {
        let types = param_types(context, types)?;
        list.push((
            "py.param_types",
            ArrayAttribute::new(context, &types).into(),
        ));
    }
    for (name, text) in &options.attributes {
        let value = Attribute::parse(context, text)
            .ok_or_else(|| FrontendError::bug(format!("{text:?} is not an attribute")))?;
        list.push((name, value));
    }
    let named = list
        .into_iter()
        .map(|(name, value)| (Identifier::new(context, name), value));
    Ok(named.collect())
}

/// Where the first step of a generator begins: behind the instruction that makes the generator.
fn first_step(program: &Program) -> Option<i64> {
    let mut instructions = program.instructions().iter();
    let makes = instructions.find(|instruction| instruction.opcode() == Opcode::ReturnGenerator);
    makes.map(|instruction| i64::from(instruction.next))
}

fn param_types<'c>(
    context: &'c Context,
    types: &[String],
) -> Result<Vec<Attribute<'c>>, FrontendError> {
    let parse = |text: &String| {
        // A type is an attribute as well.
        Attribute::parse(context, text)
            .ok_or_else(|| FrontendError::bug(format!("{text:?} is neither a type nor a string")))
    };
    types.iter().map(parse).collect()
}

fn kind(code: &Code) -> &'static str {
    if code.has(Flags::ASYNC_GENERATOR) {
        "async_generator"
    } else if code.has(Flags::COROUTINE) {
        "coroutine"
    } else if code.has(Flags::GENERATOR) {
        "generator"
    } else {
        "function"
    }
}

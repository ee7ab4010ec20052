//! How blocks and the function itself begin.

use super::builder::{Frame, Lifter};
use super::{Entry, LiftOptions, Temporary};
use crate::bytecode::{Handler, Instruction, Opcode};
use crate::cfg::{BlockId, Edge};
use crate::code::{Code, Flags, SlotKind};
use crate::error::FrontendError;
use crate::program::Program;
use melior::Context;
use melior::dialect::func;
use melior::ir::attribute::{ArrayAttribute, IntegerAttribute, StringAttribute, TypeAttribute};
use melior::ir::r#type::FunctionType;
use melior::ir::{Attribute, BlockLike, Identifier, Location, Operation, Region, Type, Value};
use std::collections::HashMap;
use stepwell_dialects::ir::Types;

impl<'c, 'a> Lifter<'c, 'a> {
    /// Lifts the first block, or branches to it if something else does, too.
    pub(super) fn enter_function(&mut self) -> Result<(), FrontendError> {
        let options = self.options;
        let entry = self.cfg.entry();
        if self.needs_unbound() {
            let location = self.locations.definition();
            let object = self.types.object;
            self.unbound = Some(self.op_at(location, "py.null", &[], &[], &[object])?[0]);
        }
        if let Some(entry) = &options.entry {
            return self.enter_loop(entry);
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

    /// Whether a local is ever unbound: at the start, or because an instruction does it.
    fn needs_unbound(&self) -> bool {
        let code = self.program.code();
        if let Some(entry) = &self.options.entry
            && (entry.unbound.contains(&true) || entry.stack.contains(&Temporary::Null))
        {
            return true;
        }
        let unbinds = |instruction: &Instruction| {
            let opcode = instruction.opcode();
            matches!(opcode, Opcode::DeleteFast | Opcode::LoadFastAndClear)
        };
        code.parameter_count() < code.slots.len() || self.program.instructions().iter().any(unbinds)
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

    /// Begins with a backward jump, in a frame that is there: the locals are in their slots, and what is on the
    /// evaluation stack moves out of it.
    ///
    /// What is left of an iteration of a loop around it is lifted once more, as what leads to that loop: each loop has
    /// one way in, in front of which its iterator is known.
    fn enter_loop(&mut self, entry: &Entry) -> Result<(), FrontendError> {
        let jump = self.program.at(entry.offset);
        let jump = jump.ok_or_else(|| FrontendError::bug("a loop without a jump"))?;
        self.index = jump;
        self.copies = self.loops_around()?;
        self.enter_call()?;
        for (slot, unbound) in entry.unbound.iter().enumerate() {
            if let (true, Some(null), Some(local)) =
                (unbound, self.unbound, self.frame.locals.get_mut(slot))
            {
                *local = null;
            }
        }
        let object = self.types.object;
        let definition = self.locations.definition();
        for (place, temporary) in entry.stack.iter().enumerate() {
            if let (Temporary::Null, Some(null)) = (temporary, self.unbound) {
                self.frame.stack.push(null);
                continue;
            }
            let attributes = [("index", self.i32(place as u32))];
            let taken = self.op_at(definition, "state.load_stack", &attributes, &[], &[object])?[0];
            self.frame.stack.push(taken);
        }
        self.handler = self.program.raises_to(self.instruction()).copied();
        self.before = self.frame.clone();
        for (place, temporary) in entry.stack.iter().enumerate() {
            if *temporary == Temporary::Range {
                self.enter_range(place)?;
            }
        }
        self.lift_range(jump..jump + 1)
    }

    /// The heads of the loops around the one that the instruction being lifted goes back to, numbered from inside out.
    fn loops_around(&self) -> Result<HashMap<BlockId, usize>, FrontendError> {
        let target = self.jump_target()?;
        let loops = self.cfg.loops();
        if !loops.is_reducible() {
            return Err(self.unsupported("loops with several ways in"));
        }
        let around = loops.natural().iter().rev().filter(|candidate| {
            let mut blocks = candidate.blocks.iter();
            candidate.header != target
                && blocks.any(|block| self.cfg.block(*block).instructions.contains(&self.index))
        });
        let numbered = around.zip(1..);
        Ok(numbered
            .map(|(candidate, number)| (candidate.header, number))
            .collect())
    }

    /// Makes a new iterator of what is left of a range, as a loop makes it, so that it can be counted natively.
    fn enter_range(&mut self, place: usize) -> Result<(), FrontendError> {
        let names = &self.program.code().names;
        let Some(index) = names.iter().position(|name| name == "range") else {
            return Ok(());
        };
        let location = self.location();
        let (object, i64) = (self.types.object, self.types.i64);
        let attributes = [
            ("index", self.i32(index as u32)),
            ("name", self.string("range")),
        ];
        let class = self.raising("py.load_global", &attributes, &[], &[object])?[0];
        let state = self.state()?;
        let attributes = [("symbol", self.string("PyRange_Type"))];
        self.op_at(
            location,
            "py.guard_identity",
            &attributes,
            &[class, state],
            &[],
        )?;
        let iterator = [self.frame.stack[place]];
        let found = self.op_at(location, "py.range_place", &[], &iterator, &[i64; 3])?;
        let null = self.op_at(location, "py.null", &[], &[], &[object])?[0];
        let mut operands = vec![class, null];
        for number in found {
            operands.push(self.op_at(location, "py.box", &[], &[number], &[object])?[0]);
        }
        let range = self.raising("py.call", &[], &operands, &[object])?;
        // Its state goes with it when the loop is counted natively, so that it is for nothing else.
        self.state = None;
        let new = self.raising("py.get_iter", &[], &range, &[object])?[0];
        self.state = None;
        self.frame.stack[place] = new;
        Ok(())
    }

    /// The frame of a generator behind `RETURN_GENERATOR`, whose number is the result plus one: what was sent is on
    /// the stack, parameters and cells are where the interpreter has put them. The other locals are unbound, which whoever
    /// begins the generator has made sure of.
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
            let is_unbound = variable.kind == SlotKind::Local && slot >= code.parameter_count();
            let local = match self.unbound.filter(|_| is_unbound) {
                Some(null) => null,
                None => self.load_local(slot, &variable.name)?,
            };
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
        let (start, mut values) = self.blocks.target(self.number(self.copy, block));
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
    let parameters = vec![object; argument_count(program, options)];
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

/// How many slots are arguments of the function: those of the parameters, none for a generator, all of them in the middle
/// of a call.
pub(super) fn argument_count(program: &Program, options: &LiftOptions) -> usize {
    let code = program.code();
    match &options.entry {
        Some(_) => code.slots.len(),
        None if code.is_generator() => 0,
        None => code.parameter_count().min(code.slots.len()),
    }
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
    let count = match options.entry {
        Some(_) => code.slots.len() as i64,
        None => code.parameter_count() as i64,
    };
    let mut list: Vec<(&str, Attribute<'c>)> = vec![
        ("py.qualname", string(&code.qualname)),
        ("py.kind", string(kind(code))),
        ("py.locals", ArrayAttribute::new(context, &names).into()),
        ("py.argcount", i32(count)),
    ];
    list.extend(first_step(program).map(|offset| ("py.start", i32(offset))));
    let by_place = code.is_generator() && code.has_plain_parameters() && code.kwonlyargcount == 0;
    list.extend(by_place.then(|| ("py.by_place", Attribute::unit(context))));
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
    if options.baseline {
        list.push(("py.baseline", Attribute::unit(context)));
    }
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

//! The state of lifting one function, and how ops are appended.

use super::LiftOptions;
use super::entry;
use super::location::Locations;
use super::ssa::{Blocks, Destination, key};
use super::trace::Trace;
use crate::bytecode::{Handler, Instruction};
use crate::cfg::{BlockId, Cfg, Edge};
use crate::error::FrontendError;
use crate::program::Program;
use crate::stack::Depths;
use melior::Context;
use melior::ir::attribute::{DenseI32ArrayAttribute, IntegerAttribute, StringAttribute};
use melior::ir::operation::{OperationBuilder, OperationLike};
use melior::ir::{Attribute, BlockLike, BlockRef, Identifier, Location, Region, Type, Value};
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use stepwell_dialects::ir::Types;

/// The SSA values of a frame at some instruction.
#[derive(Clone, Debug, Default)]
pub(super) struct Frame<'c, 'a> {
    /// One for each slot.
    pub(super) locals: Vec<Value<'c, 'a>>,
    /// The evaluation stack, bottom first.
    pub(super) stack: Vec<Value<'c, 'a>>,
}

/// A named attribute.
pub(super) type Named<'n, 'c> = (&'n str, Attribute<'c>);

/// Lifts one function.
pub(super) struct Lifter<'c, 'a> {
    pub(super) context: &'c Context,
    pub(super) types: Types<'c>,
    pub(super) program: &'a Program<'a>,
    pub(super) cfg: &'a Cfg,
    pub(super) depths: &'a Depths,
    pub(super) locations: Locations<'c, 'a>,
    pub(super) blocks: Blocks<'c, 'a>,
    /// Blocks that branches go to and that are not lifted yet, by their copy and their place in reverse postorder.
    pub(super) pending: BTreeSet<(usize, usize, BlockId)>,
    /// The copy that is being lifted.
    pub(super) copy: usize,
    /// The heads of loops that begin a copy, with its number.
    pub(super) copies: HashMap<BlockId, usize>,
    pub(super) places: HashMap<BlockId, usize>,
    /// Where ops are appended.
    pub(super) block: BlockRef<'c, 'a>,
    /// Whether that block still lacks its terminator.
    pub(super) open: bool,
    /// The values now.
    pub(super) frame: Frame<'c, 'a>,
    /// The values in front of the instruction being lifted.
    pub(super) before: Frame<'c, 'a>,
    /// The frame state of that instruction, once an op needed it.
    pub(super) state: Option<Value<'c, 'a>>,
    /// The instruction being lifted.
    pub(super) index: usize,
    /// The handler that covers it, if it raises.
    pub(super) handler: Option<Handler>,
    /// What unbound locals hold.
    pub(super) unbound: Option<Value<'c, 'a>>,
    /// The index in the constants of values that come from there.
    pub(super) constants: HashMap<usize, u32>,
    /// What to make of the function.
    pub(super) options: &'a LiftOptions,
    /// Where it is noted what instructions become.
    pub(super) trace: Option<&'a Trace>,
    /// The instruction that ops are noted for; none where a block or the function begins.
    pub(super) noted: Option<usize>,
}

impl<'c, 'a> Lifter<'c, 'a> {
    pub(super) fn new(
        context: &'c Context,
        program: &'a Program<'a>,
        cfg: &'a Cfg,
        depths: &'a Depths,
        region: &'a Region<'c>,
        options: &'a LiftOptions,
        trace: Option<&'a Trace>,
    ) -> Result<Self, FrontendError> {
        let locations = Locations::new(context, program);
        let types = Types::new(context);
        let blocks = Blocks::new(context, region);
        let count = entry::argument_count(program, options);
        let block = blocks.entry(&locations.parameters(count, types.object));
        let order = cfg.reverse_postorder().into_iter();
        Ok(Self {
            context,
            types,
            program,
            cfg,
            depths,
            locations,
            blocks,
            pending: BTreeSet::new(),
            copy: 0,
            copies: HashMap::new(),
            places: order
                .enumerate()
                .map(|(place, block)| (block, place))
                .collect(),
            block,
            open: true,
            frame: Frame::default(),
            before: Frame::default(),
            state: None,
            index: 0,
            handler: None,
            unbound: None,
            constants: HashMap::new(),
            options,
            trace,
            noted: None,
        })
    }

    /// Lifts all blocks.
    pub(super) fn run(mut self) -> Result<(), FrontendError> {
        self.enter_function()?;
        while let Some((copy, _, block)) = self.pending.pop_first() {
            self.copy = copy;
            self.enter_block(block)?;
            let first = self.cfg.block(block).instructions.start;
            self.lift_block(block, first)?;
        }
        self.blocks.finish();
        Ok(())
    }

    /// Lifts a block from an instruction on, and what only follows it.
    pub(super) fn lift_block(&mut self, block: BlockId, from: usize) -> Result<(), FrontendError> {
        let mut first = from;
        let mut block = block;
        loop {
            let end = self.cfg.block(block).instructions.end;
            self.lift_range(first..end)?;
            if !self.open {
                return Ok(());
            }
            block = self.block_at(end)?;
            if self.cfg.predecessors(block).len() > 1 {
                return self.go_to(block);
            }
            first = end;
        }
    }

    /// Lifts instructions up to the first one that ends the block.
    pub(super) fn lift_range(&mut self, range: Range<usize>) -> Result<(), FrontendError> {
        for index in range {
            self.index = index;
            self.handler = self.program.raises_to(self.instruction()).copied();
            self.state = None;
            self.before = self.frame.clone();
            self.noted = Some(index);
            self.lift_instruction()?;
            self.noted = None;
            if !self.open {
                break;
            }
            self.check_frame_behind()?;
        }
        Ok(())
    }

    /// The instruction being lifted.
    pub(super) fn instruction(&self) -> &'a Instruction {
        &self.program.instructions()[self.index]
    }

    /// Where the instruction being lifted comes from.
    pub(super) fn location(&self) -> Location<'c> {
        self.locations.of(self.instruction())
    }

    /// The block that begins with an instruction.
    pub(super) fn block_at(&self, instruction: usize) -> Result<BlockId, FrontendError> {
        self.cfg
            .block_at(instruction)
            .ok_or_else(|| FrontendError::bug(format!("no block at instruction {instruction}")))
    }

    /// The block that the instruction being lifted may jump to.
    pub(super) fn jump_target(&self) -> Result<BlockId, FrontendError> {
        let target = self.program.target(self.instruction());
        self.block_at(target.ok_or_else(|| FrontendError::bug("a jump without a target"))?)
    }

    /// Ends the block with a jump to another one.
    pub(super) fn go_to(&mut self, target: BlockId) -> Result<(), FrontendError> {
        let destination = self.arrive(target)?;
        self.note("cf.br");
        self.blocks.jump(self.block, destination, self.location());
        self.open = false;
        Ok(())
    }

    /// A branch to a block with the values of now.
    pub(super) fn arrive(&mut self, target: BlockId) -> Result<Destination<'c, 'a>, FrontendError> {
        let values = [&self.frame.locals[..], &self.frame.stack[..]].concat();
        self.destination(target, values)
    }

    /// A branch to a block with these values for its arguments.
    pub(super) fn destination(
        &mut self,
        target: BlockId,
        values: Vec<Value<'c, 'a>>,
    ) -> Result<Destination<'c, 'a>, FrontendError> {
        let begun = self.copies.get(&target).copied().unwrap_or_default();
        let copy = self.copy.max(begun);
        let number = self.number(copy, target);
        if !self.blocks.has(number) {
            let arguments = self.block_arguments(target)?;
            self.blocks.add(number, &arguments);
            self.pending.insert((copy, self.places[&target], target));
        }
        Ok(Destination::Target(number, values))
    }

    /// The number of a copy of a block.
    pub(super) fn number(&self, copy: usize, block: BlockId) -> usize {
        copy * self.cfg.blocks().count() + block.index()
    }

    /// Whether a block is a handler.
    pub(super) fn is_handler(&self, block: BlockId) -> bool {
        let edges = self.cfg.predecessors(block);
        edges.iter().any(|(edge, _)| *edge == Edge::Exception)
    }

    /// Appends an op.
    pub(super) fn op_at(
        &mut self,
        location: Location<'c>,
        name: &str,
        attributes: &[Named<'_, 'c>],
        operands: &[Value<'c, 'a>],
        results: &[Type<'c>],
    ) -> Result<Vec<Value<'c, 'a>>, FrontendError> {
        self.note(name);
        let attributes: Vec<_> = attributes
            .iter()
            .map(|(name, attribute)| (Identifier::new(self.context, name), *attribute))
            .collect();
        let operation = OperationBuilder::new(name, location)
            .add_attributes(&attributes)
            .add_operands(operands)
            .add_results(results)
            .build()
            .map_err(|error| FrontendError::bug(format!("{name}: {error}")))?;
        let operation = self.block.append_operation(operation);
        Ok(operation.results().map(Value::from).collect())
    }

    /// Appends an op that cannot raise. If its result goes into a local, it has the name of that.
    pub(super) fn op(
        &mut self,
        name: &str,
        attributes: &[Named<'_, 'c>],
        operands: &[Value<'c, 'a>],
        results: &[Type<'c>],
    ) -> Result<Vec<Value<'c, 'a>>, FrontendError> {
        let location = self.result_location(results);
        self.op_at(location, name, attributes, operands, results)
    }

    /// The location of an op: with the name of a local if its one object goes there next.
    pub(super) fn result_location(&self, results: &[Type<'c>]) -> Location<'c> {
        let object = self.types.object;
        match results.iter().filter(|&&result| result == object).count() {
            1 => self.locations.of_result(self.index),
            _ => self.location(),
        }
    }

    /// Appends an op with one result that cannot raise.
    pub(super) fn value(
        &mut self,
        name: &str,
        attributes: &[Named<'_, 'c>],
        operands: &[Value<'c, 'a>],
        result: Type<'c>,
    ) -> Result<Value<'c, 'a>, FrontendError> {
        Ok(self.op(name, attributes, operands, &[result])?[0])
    }

    /// The frame state in front of the instruction being lifted.
    pub(super) fn state(&mut self) -> Result<Value<'c, 'a>, FrontendError> {
        if let Some(state) = self.state {
            return Ok(state);
        }
        let Frame { locals, stack } = self.before.clone();
        let state = self.frame_state(self.instruction().start, &locals, &stack)?;
        self.state = Some(state);
        Ok(state)
    }

    /// A frame state.
    pub(super) fn frame_state(
        &mut self,
        offset: u32,
        locals: &[Value<'c, 'a>],
        stack: &[Value<'c, 'a>],
    ) -> Result<Value<'c, 'a>, FrontendError> {
        let sizes = self.segments(&[locals.len(), stack.len()]);
        let attributes = [("offset", self.i32(offset)), ("operandSegmentSizes", sizes)];
        let operands = [locals, stack].concat();
        let location = self.location();
        let state = self.types.state;
        Ok(self.op_at(location, "py.frame_state", &attributes, &operands, &[state])?[0])
    }

    /// Takes the top of the stack.
    pub(super) fn pop(&mut self) -> Result<Value<'c, 'a>, FrontendError> {
        self.frame
            .stack
            .pop()
            .ok_or_else(|| FrontendError::bug("the stack is shallower than was found"))
    }

    /// Takes the topmost entries of the stack, the deepest one first.
    pub(super) fn pop_many(&mut self, count: usize) -> Result<Vec<Value<'c, 'a>>, FrontendError> {
        let left = self.frame.stack.len().checked_sub(count);
        let left =
            left.ok_or_else(|| FrontendError::bug("the stack is shallower than was found"))?;
        Ok(self.frame.stack.split_off(left))
    }

    /// An entry of the stack; 1 is the top.
    pub(super) fn peek(&self, depth: usize) -> Result<Value<'c, 'a>, FrontendError> {
        let place = self.frame.stack.len().checked_sub(depth);
        place
            .and_then(|place| self.frame.stack.get(place).copied())
            .ok_or_else(|| FrontendError::bug("the stack is shallower than was found"))
    }

    /// Puts a value on the stack.
    pub(super) fn push(&mut self, value: Value<'c, 'a>) {
        self.frame.stack.push(value);
    }

    /// An `i32` attribute.
    pub(super) fn i32(&self, value: u32) -> Attribute<'c> {
        IntegerAttribute::new(self.types.i32, i64::from(value)).into()
    }

    /// A string attribute.
    pub(super) fn string(&self, text: &str) -> Attribute<'c> {
        StringAttribute::new(self.context, text).into()
    }

    /// The attribute that tells how operands or results are grouped.
    pub(super) fn segments(&self, sizes: &[usize]) -> Attribute<'c> {
        let sizes: Vec<i32> = sizes
            .iter()
            .map(|&size| i32::try_from(size).unwrap_or(i32::MAX))
            .collect();
        DenseI32ArrayAttribute::new(self.context, &sizes).into()
    }

    /// The place in the constants that a value comes from.
    pub(super) fn constant_index(&self, value: Value<'c, 'a>) -> Option<u32> {
        self.constants.get(&key(value)).copied()
    }
}

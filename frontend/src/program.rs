//! A code object decoded and found consistent: what everything after it may rely on.

use crate::bytecode::{
    Flow, Handler, Instruction, Opcode, Operand, Table, decode, decode_exception_table,
    decode_line_table, v3_13,
};
use crate::code::Code;
use crate::error::{FrontendError, Part};

/// The decoded instructions and handlers of a [`Code`].
///
/// It is certain that jumps and handlers go to instructions, that arguments are within what they count (constants,
/// names, slots, ...), and that execution does not run off the end.
#[derive(Debug)]
pub struct Program<'a> {
    code: &'a Code,
    instructions: Vec<Instruction>,
    handlers: Vec<Handler>,
}

impl<'a> Program<'a> {
    /// Decodes and checks a code object of CPython 3.13.
    ///
    /// # Errors
    ///
    /// [`FrontendError::Corrupt`] when one of its tables or one of its arguments makes no sense.
    pub fn new(code: &'a Code) -> Result<Self, FrontendError> {
        let positions = decode_line_table(&code.linetable, code.firstlineno, code.code.len() / 2)?;
        let instructions = decode(&code.code, &positions, Self::table())?;
        let handlers = decode_exception_table(&code.exceptiontable, code.code.len())?;
        let program = Self {
            code,
            instructions,
            handlers,
        };
        program.check()?;
        Ok(program)
    }

    /// The opcode table that the instructions were decoded with.
    pub fn table() -> &'static Table {
        &v3_13::TABLE
    }

    /// The code object.
    pub fn code(&self) -> &'a Code {
        self.code
    }

    /// The instructions in order.
    pub fn instructions(&self) -> &[Instruction] {
        &self.instructions
    }

    /// The exception handlers in the order of the code they cover.
    pub fn handlers(&self) -> &[Handler] {
        &self.handlers
    }

    /// The number of the instruction that starts at a byte offset, where jumps can go.
    pub fn at(&self, start: u32) -> Option<usize> {
        self.instructions
            .binary_search_by_key(&start, |instruction| instruction.start)
            .ok()
    }

    /// The number of the instruction that an instruction may jump to.
    pub fn target(&self, instruction: &Instruction) -> Option<usize> {
        self.at(instruction.target()?)
    }

    /// The handler that covers an instruction.
    pub fn handler(&self, instruction: &Instruction) -> Option<&Handler> {
        let after = self
            .handlers
            .partition_point(|handler| handler.start <= instruction.offset);
        let handler = &self.handlers[after.checked_sub(1)?];
        (instruction.offset < handler.end).then_some(handler)
    }

    /// The handler to which an instruction's exceptions go; `None` also if it raises none.
    pub fn raises_to(&self, instruction: &Instruction) -> Option<&Handler> {
        self.handler(instruction).filter(|_| instruction.row.raises)
    }

    fn check(&self) -> Result<(), FrontendError> {
        for instruction in &self.instructions {
            self.check_argument(instruction)?;
            self.check_target(instruction)?;
        }
        for (index, handler) in self.handlers.iter().enumerate() {
            if self.at(handler.target).is_none() {
                let reason = format!("handler {index} is inside an instruction");
                return Err(FrontendError::corrupt(Part::ExceptionTable, 0usize, reason));
            }
        }
        self.check_end()
    }

    fn check_argument(&self, instruction: &Instruction) -> Result<(), FrontendError> {
        let code = self.code;
        let argument = instruction.oparg as usize;
        let known = match instruction.row.operand {
            Operand::Const => argument < code.consts.len(),
            Operand::Name => argument < code.names.len(),
            Operand::NameShifted(bits) => argument >> bits < code.names.len(),
            Operand::Slot => argument < code.slots.len(),
            Operand::SlotPair => {
                argument >> 4 < code.slots.len() && argument & 15 < code.slots.len()
            }
            Operand::Operator => Self::table().operator(instruction.oparg).is_some(),
            Operand::Comparison => argument >> 5 < 6,
            Operand::Inverted => argument < 2,
            Operand::Conversion => (1..=3).contains(&argument),
            Operand::Intrinsic1 => (1..=11).contains(&argument),
            Operand::Intrinsic2 => (1..=5).contains(&argument),
            Operand::Count => count_in_range(code, instruction.opcode(), argument),
            Operand::None | Operand::Forward | Operand::Backward => true,
        };
        if known {
            return Ok(());
        }
        let reason = format!("{} has the argument {argument}", instruction.opcode());
        Err(FrontendError::corrupt(
            Part::Bytecode,
            instruction.offset,
            reason,
        ))
    }

    fn check_target(&self, instruction: &Instruction) -> Result<(), FrontendError> {
        let jumps = matches!(
            instruction.row.flow,
            Flow::Jump | Flow::Branch | Flow::Iterate
        );
        let sound = !jumps
            || self.target(instruction).is_some_and(|target| {
                instruction.row.flow != Flow::Iterate || self.ends_a_loop(target)
            });
        if sound {
            return Ok(());
        }
        let reason = format!("{} has no sound target", instruction.opcode());
        Err(FrontendError::corrupt(
            Part::Bytecode,
            instruction.offset,
            reason,
        ))
    }

    /// `FOR_ITER` skips the two instructions in front of its target, which would drop the iterator.
    fn ends_a_loop(&self, target: usize) -> bool {
        let opcode = |back| {
            let index = target.checked_sub(back)?;
            Some(self.instructions.get(index)?.opcode())
        };
        opcode(2) == Some(Opcode::EndFor) && opcode(1) == Some(Opcode::PopTop)
    }

    fn check_end(&self) -> Result<(), FrontendError> {
        let last = self.instructions.last().map(|last| last.row.flow);
        if matches!(last, Some(Flow::Return | Flow::Raise | Flow::Jump)) {
            return Ok(());
        }
        Err(FrontendError::corrupt(
            Part::Bytecode,
            self.code.code.len(),
            "execution runs off the end",
        ))
    }
}

fn count_in_range(code: &Code, opcode: Opcode, argument: usize) -> bool {
    match opcode {
        Opcode::Copy
        | Opcode::ListAppend
        | Opcode::ListExtend
        | Opcode::SetAdd
        | Opcode::SetUpdate
        | Opcode::MapAdd
        | Opcode::DictMerge
        | Opcode::DictUpdate => argument >= 1,
        Opcode::Swap => argument >= 2,
        Opcode::BuildSlice => matches!(argument, 2 | 3),
        Opcode::RaiseVarargs => argument <= 2,
        Opcode::SetFunctionAttribute => matches!(argument, 1 | 2 | 4 | 8),
        Opcode::GetAwaitable => argument <= 2,
        Opcode::CopyFreeVars => argument <= code.slots.len(),
        _ => true,
    }
}

//! Level `bytecode` as text: the blocks of a program for a reader.

use crate::bytecode::{Instruction, Operand, Position};
use crate::cfg::{BlockId, Cfg, Edge, Loops};
use crate::code::Code;
use crate::error::FrontendError;
use crate::program::Program;
use crate::stack::Depths;
use std::fmt::{self, Write};

/// The text of level `bytecode`: a code object's blocks, with their edges and handlers, and its instructions, with
/// line, offset, stack depth, and arguments by name. It is the same in every run and on every machine.
///
/// # Errors
///
/// [`FrontendError::Corrupt`] when the code object contradicts itself.
pub fn dump_bytecode(code: &Code) -> Result<String, FrontendError> {
    let program = Program::new(code)?;
    let cfg = Cfg::new(&program);
    let depths = Depths::new(&program, &cfg)?;
    let dump = Dump {
        program: &program,
        loops: cfg.loops(),
        cfg: &cfg,
        depths: &depths,
    };
    Ok(dump.to_string())
}

struct Dump<'a> {
    program: &'a Program<'a>,
    cfg: &'a Cfg,
    loops: Loops,
    depths: &'a Depths,
}

impl fmt::Display for Dump<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.header(out)?;
        for block in self.cfg.blocks() {
            self.block(out, block)?;
        }
        Ok(())
    }
}

impl Dump<'_> {
    fn header(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = self.program.code();
        writeln!(
            out,
            "code {} ({}:{})",
            code.qualname,
            code.file_basename(),
            code.firstlineno
        )?;
        let slots: Vec<String> = code
            .slots
            .iter()
            .map(|slot| format!("{} {}", slot.kind, slot.name))
            .collect();
        writeln!(
            out,
            "{} parameters; slots: {}; stack: {}",
            code.parameter_count(),
            if slots.is_empty() {
                "none".to_owned()
            } else {
                slots.join(", ")
            },
            code.stacksize
        )?;
        if !self.loops.is_reducible() {
            writeln!(out, "irreducible")?;
        }
        Ok(())
    }

    fn block(&self, out: &mut fmt::Formatter<'_>, id: BlockId) -> fmt::Result {
        let block = self.cfg.block(id);
        write!(out, "\nblock {}", id.index())?;
        if !self.cfg.is_reachable(id) {
            write!(out, ", unreachable")?;
        }
        if let Some(found) = self.loops.with_header(id) {
            let latches: Vec<String> = found
                .latches
                .iter()
                .map(|latch| latch.index().to_string())
                .collect();
            write!(out, ", loop from {}", latches.join(", "))?;
        }
        if let Some(handler) = block.handler {
            let target = self
                .program
                .at(handler.target)
                .and_then(|at| self.cfg.block_at(at));
            write!(
                out,
                ", handler block {} keeps {}{}",
                target.map_or(0, BlockId::index),
                handler.depth,
                if handler.lasti { " and the place" } else { "" }
            )?;
        }
        writeln!(out, ":")?;
        let mut line = None;
        for index in block.instructions.clone() {
            self.instruction(out, id, index, &mut line)?;
        }
        Ok(())
    }

    fn instruction(
        &self,
        out: &mut fmt::Formatter<'_>,
        block: BlockId,
        index: usize,
        line: &mut Option<u32>,
    ) -> fmt::Result {
        let instruction = &self.program.instructions()[index];
        let Position { line: at, .. } = instruction.position;
        match at.filter(|_| at != *line) {
            Some(at) => write!(out, "{at:>5}")?,
            None => write!(out, "     ")?,
        }
        *line = at;
        match self.depths.before(index) {
            Some(depth) => write!(out, " {:>5} [{depth:>2}]", instruction.start)?,
            None => write!(out, " {:>5} [ -]", instruction.start)?,
        }
        let mut text = format!(" {} {}", instruction.opcode(), self.argument(instruction));
        if let Some((_, target)) = self
            .cfg
            .successors(block)
            .into_iter()
            .find(|(edge, _)| *edge == Edge::Jump && instruction.target().is_some())
        {
            write!(text, "block {}", target.index())?;
        }
        writeln!(out, "{}", text.trim_end())
    }

    fn argument(&self, instruction: &Instruction) -> String {
        let code = self.program.code();
        let oparg = instruction.oparg;
        let index = oparg as usize;
        let slot = |index: usize| code.slots[index].name.as_str();
        match instruction.row.operand {
            Operand::None | Operand::Forward | Operand::Backward => String::new(),
            Operand::Const => format!("{oparg} = {}", code.consts[index]),
            Operand::Name => format!("{oparg} = {}", code.names[index]),
            Operand::NameShifted(bits) => format!("{oparg} = {}", code.names[index >> bits]),
            Operand::Slot => format!("{oparg} = {}", slot(index)),
            Operand::SlotPair => format!("{oparg} = {}, {}", slot(index >> 4), slot(index & 15)),
            Operand::Operator => Program::table().operator(oparg).unwrap_or("?").to_owned(),
            Operand::Comparison => {
                let bool_of = if oparg & 16 != 0 { "bool " } else { "" };
                format!("{bool_of}{}", COMPARISONS[index >> 5])
            }
            Operand::Inverted if oparg == 1 => "not".to_owned(),
            Operand::Inverted => String::new(),
            Operand::Conversion => ["", "str", "repr", "ascii"][index].to_owned(),
            Operand::Count | Operand::Intrinsic1 | Operand::Intrinsic2 => oparg.to_string(),
        }
    }
}

const COMPARISONS: [&str; 6] = ["<", "<=", "==", "!=", ">", ">="];

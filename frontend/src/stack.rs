//! How deep the evaluation stack is in front of every instruction.

use crate::bytecode::Instruction;
use crate::cfg::{BlockId, Cfg, Edge};
use crate::error::{FrontendError, Part};
use crate::program::Program;

/// The depths of a program's stack.
#[derive(Debug)]
pub struct Depths {
    depths: Vec<Option<u32>>,
}

impl Depths {
    /// Follows the stack through the blocks that can be reached.
    ///
    /// # Errors
    ///
    /// An instruction takes more than there is, the stack grows beyond the code object's `stacksize`, two ways to an
    /// instruction disagree, or a handler keeps more than there is.
    pub fn new(program: &Program<'_>, cfg: &Cfg) -> Result<Self, FrontendError> {
        let mut flow = DepthFlow {
            program,
            cfg,
            entry: vec![None; cfg.blocks().count()],
            depths: vec![None; program.instructions().len()],
            pending: Vec::new(),
        };
        flow.enter(cfg.entry(), 0)?;
        while let Some(block) = flow.pending.pop() {
            flow.walk(block)?;
        }
        Ok(Self {
            depths: flow.depths,
        })
    }

    /// The depth in front of an instruction; `None` if it cannot be reached.
    pub fn before(&self, instruction: usize) -> Option<u32> {
        self.depths.get(instruction).copied().flatten()
    }
}

struct DepthFlow<'a> {
    program: &'a Program<'a>,
    cfg: &'a Cfg,
    entry: Vec<Option<u32>>,
    depths: Vec<Option<u32>>,
    pending: Vec<BlockId>,
}

impl DepthFlow<'_> {
    fn enter(&mut self, block: BlockId, depth: u32) -> Result<(), FrontendError> {
        let first = self.cfg.block(block).instructions.start;
        let instruction = &self.program.instructions()[first];
        let entry = &mut self.entry[block.index()];
        match *entry {
            Some(known) if known == depth => Ok(()),
            Some(known) => {
                let reason = format!("the stack is {known} or {depth} deep");
                Err(corrupt(instruction, reason))
            }
            None => {
                *entry = Some(depth);
                self.pending.push(block);
                Ok(())
            }
        }
    }

    fn walk(&mut self, block: BlockId) -> Result<(), FrontendError> {
        let range = self.cfg.block(block).instructions.clone();
        let last = range.end - 1;
        let mut depth = self.entry[block.index()].unwrap_or_default();
        let mut jump_depth = depth;
        for index in range {
            let instruction = &self.program.instructions()[index];
            self.depths[index] = Some(depth);
            self.check_handler(block, instruction, depth)?;
            if index == last {
                jump_depth = self.apply(
                    instruction,
                    depth,
                    instruction.row.jump_effect(instruction.oparg),
                )?;
            }
            depth = self.apply(
                instruction,
                depth,
                instruction.row.effect(instruction.oparg),
            )?;
        }
        for (edge, target) in self.cfg.successors(block) {
            match edge {
                Edge::Next => self.enter(target, depth)?,
                Edge::Jump => self.enter(target, jump_depth)?,
                Edge::Exception => self.enter_handler(block, target)?,
            }
        }
        Ok(())
    }

    fn enter_handler(&mut self, block: BlockId, target: BlockId) -> Result<(), FrontendError> {
        match self.cfg.block(block).handler {
            Some(handler) => self.enter(target, handler.entry_depth()),
            None => Ok(()),
        }
    }

    fn apply(
        &self,
        instruction: &Instruction,
        depth: u32,
        (pops, pushes): (u64, u64),
    ) -> Result<u32, FrontendError> {
        let left = u64::from(depth).checked_sub(pops).ok_or_else(|| {
            corrupt(
                instruction,
                format!("the stack holds {depth}, {pops} are taken"),
            )
        })?;
        self.limit(instruction, left + pushes)
    }

    fn check_handler(
        &self,
        block: BlockId,
        instruction: &Instruction,
        depth: u32,
    ) -> Result<(), FrontendError> {
        let Some(handler) = self
            .cfg
            .block(block)
            .handler
            .filter(|_| instruction.row.raises)
        else {
            return Ok(());
        };
        if handler.depth > depth {
            let reason = format!(
                "the stack holds {depth}, the handler keeps {}",
                handler.depth
            );
            return Err(corrupt(instruction, reason));
        }
        self.limit(instruction, u64::from(handler.entry_depth()))
            .map(drop)
    }

    fn limit(&self, instruction: &Instruction, depth: u64) -> Result<u32, FrontendError> {
        let limit = self.program.code().stacksize;
        u32::try_from(depth)
            .ok()
            .filter(|&depth| depth <= limit)
            .ok_or_else(|| {
                corrupt(
                    instruction,
                    format!("the stack grows to {depth}, beyond {limit}"),
                )
            })
    }
}

fn corrupt(instruction: &Instruction, reason: String) -> FrontendError {
    FrontendError::corrupt(Part::Bytecode, instruction.offset, reason)
}

//! What is known of an opcode, and the table of a version's opcodes by number.

use super::Opcode;

/// What an instruction's argument means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operand {
    /// There is none.
    None,
    /// A number: a count, a stack position, flags.
    Count,
    /// An index into the constants.
    Const,
    /// An index into the names.
    Name,
    /// An index into the names, above so many bits with a meaning of their own.
    NameShifted(u8),
    /// An index into the frame's slots.
    Slot,
    /// Two such indices of four bits each.
    SlotPair,
    /// A binary operator.
    Operator,
    /// A comparison, above five bits.
    Comparison,
    /// 1 to negate the answer.
    Inverted,
    /// How an f-string converts a value: `str`, `repr` or `ascii`.
    Conversion,
    /// A function of one argument inside the interpreter.
    Intrinsic1,
    /// A function of two arguments inside the interpreter.
    Intrinsic2,
    /// So many code units onwards from the next instruction.
    Forward,
    /// So many code units back from the next instruction.
    Backward,
}

/// Where execution goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// With the next instruction.
    Next,
    /// At the target.
    Jump,
    /// With the next instruction or at the target, the same stack effect either way.
    Branch,
    /// With the next instruction, or, the iterator exhausted and dropped, behind the two instructions at the target.
    Iterate,
    /// The function returns.
    Return,
    /// An exception is raised.
    Raise,
}

/// Everything that is known of an opcode.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The number in the bytecode.
    pub number: u8,
    /// The operation.
    pub opcode: Opcode,
    /// Code units after the instruction that belong to the interpreter's inline cache.
    pub caches: u8,
    /// What the argument means.
    pub operand: Operand,
    /// Where execution goes on.
    pub flow: Flow,
    /// Whether an exception may come out of it; if not, its exception handler is of no interest.
    pub raises: bool,
    effect: fn(u64) -> (u64, u64),
}

impl Row {
    /// How many entries the instruction takes from the stack and how many it then puts there. Entries that it only
    /// looks past count on both sides.
    pub fn effect(&self, oparg: u32) -> (u64, u64) {
        (self.effect)(u64::from(oparg))
    }

    /// The same on the way to the target.
    pub fn jump_effect(&self, oparg: u32) -> (u64, u64) {
        match self.flow {
            Flow::Iterate => (1, 0),
            _ => self.effect(oparg),
        }
    }
}

/// Writes a [`Row`] in one line.
pub(super) const fn row(
    number: u8,
    opcode: Opcode,
    caches: u8,
    operand: Operand,
    effect: fn(u64) -> (u64, u64),
    flow: Flow,
    raises: bool,
) -> Row {
    Row {
        number,
        opcode,
        caches,
        operand,
        flow,
        raises,
        effect,
    }
}

/// The opcodes of one version of CPython, by number.
#[derive(Debug)]
pub struct Table {
    rows: [Option<Row>; 256],
    operators: &'static [&'static str],
}

impl Table {
    pub(super) const fn new(rows: &[Row], operators: &'static [&'static str]) -> Self {
        let mut by_number = [None; 256];
        let mut index = 0;
        while index < rows.len() {
            by_number[rows[index].number as usize] = Some(rows[index]);
            index += 1;
        }
        Self {
            rows: by_number,
            operators,
        }
    }

    /// The opcode with this number; `None` for numbers that code objects do not hold.
    pub fn row(&self, number: u8) -> Option<&Row> {
        self.rows[usize::from(number)].as_ref()
    }

    /// All opcodes in the order of their numbers.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().flatten()
    }

    /// The operator that is the argument `oparg` of `BINARY_OP`, such as `+` or `//=`.
    pub fn operator(&self, oparg: u32) -> Option<&'static str> {
        self.operators.get(usize::try_from(oparg).ok()?).copied()
    }
}

//! A code object as a plain value: what the compiler knows of a function's body, with no interpreter behind it.

mod constant;
mod slots;

pub use constant::{CodeRef, Const};
pub use slots::{Slot, SlotKind};

/// The body of a function: CPython's code object, copied.
///
/// The fields are named as the attributes of a code object, without their `co_`. Nothing is checked when a `Code` is
/// made; [`crate::Program::new`] is where contradictions come out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Code {
    /// The function's name.
    pub name: String,
    /// The name with the classes and functions around it.
    pub qualname: String,
    /// The file it was compiled from, as the code object has it.
    pub filename: String,
    /// The line of the `def`, or of its first decorator.
    pub firstlineno: u32,
    /// Bits, see [`Flags`].
    pub flags: u32,
    /// Positional parameters, the positional-only ones among them.
    pub argcount: u32,
    /// Positional-only parameters.
    pub posonlyargcount: u32,
    /// Keyword-only parameters.
    pub kwonlyargcount: u32,
    /// All that the frame holds by number: parameters, locals, cells, free variables.
    pub slots: Vec<Slot>,
    /// Names of globals, attributes and modules.
    pub names: Vec<String>,
    /// The constants.
    pub consts: Vec<Const>,
    /// How deep the evaluation stack may get.
    pub stacksize: u32,
    /// The instructions as the compiler made them: no specialised and no instrumented ones.
    pub code: Vec<u8>,
    /// Which instructions have which handler.
    pub exceptiontable: Vec<u8>,
    /// Where each instruction comes from in the source.
    pub linetable: Vec<u8>,
}

/// The bits of [`Code::flags`] that matter to a compiler.
#[derive(Clone, Copy, Debug)]
pub struct Flags;

impl Flags {
    /// The function has its own namespace of locals by number.
    pub const OPTIMIZED: u32 = 0x1;
    /// A call makes a new namespace.
    pub const NEWLOCALS: u32 = 0x2;
    /// There is a parameter `*args`.
    pub const VARARGS: u32 = 0x4;
    /// There is a parameter `**kwargs`.
    pub const VARKEYWORDS: u32 = 0x8;
    /// A generator function.
    pub const GENERATOR: u32 = 0x20;
    /// An `async def` without `yield`.
    pub const COROUTINE: u32 = 0x80;
    /// A generator that may be awaited (`types.coroutine`).
    pub const ITERABLE_COROUTINE: u32 = 0x100;
    /// An `async def` with `yield`.
    pub const ASYNC_GENERATOR: u32 = 0x200;
}

impl Code {
    /// The number of slots that a call fills: all parameters, `*args` and `**kwargs` among them.
    pub fn parameter_count(&self) -> usize {
        let starred = [Flags::VARARGS, Flags::VARKEYWORDS]
            .into_iter()
            .filter(|&flag| self.has(flag))
            .count();
        (self.argcount as usize)
            .saturating_add(self.kwonlyargcount as usize)
            .saturating_add(starred)
    }

    /// Whether every parameter takes one argument.
    pub fn has_plain_parameters(&self) -> bool {
        !self.has(Flags::VARARGS) && !self.has(Flags::VARKEYWORDS)
    }

    /// Whether a bit of [`Flags`] is set.
    pub fn has(&self, flag: u32) -> bool {
        self.flags & flag != 0
    }

    /// Whether a call makes a generator, a coroutine or an asynchronous generator.
    pub fn is_generator(&self) -> bool {
        self.has(Flags::GENERATOR | Flags::COROUTINE | Flags::ASYNC_GENERATOR)
    }

    /// The last part of the file's name: what may be printed without telling where somebody keeps their files.
    pub fn file_basename(&self) -> &str {
        self.filename
            .rsplit(['/', '\\'])
            .next()
            .unwrap_or(&self.filename)
    }
}

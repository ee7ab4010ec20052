//! A piece of machine code and its lifetime.

use std::time::Duration;

use indexmap::IndexMap;

use crate::session::Tracker;

/// How long each step of a compilation took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timings {
    /// From the LLVM dialect to LLVM IR, verification included.
    pub translate: Duration,
    /// LLVM's passes.
    pub optimise: Duration,
    /// From LLVM IR to an object file in memory.
    pub codegen: Duration,
    /// From the object file to addresses.
    pub link: Duration,
}

impl Timings {
    /// The sum of all steps.
    #[must_use]
    pub fn total(&self) -> Duration {
        self.translate + self.optimise + self.codegen + self.link
    }
}

/// The machine code of one module. Dropping it frees the code.
///
/// No thread may be inside the code, or come back to it, once the unit is dropped: who calls the code
/// keeps the unit alive meanwhile.
#[derive(Debug)]
pub struct CompiledUnit {
    functions: IndexMap<String, usize>,
    data: IndexMap<String, usize>,
    timings: Timings,
    object_size: usize,
    /// Held for its `Drop`.
    _tracker: Tracker,
}

impl CompiledUnit {
    pub(crate) fn new(
        functions: IndexMap<String, usize>,
        data: IndexMap<String, usize>,
        timings: Timings,
        object_size: usize,
        tracker: Tracker,
    ) -> Self {
        Self {
            functions,
            data,
            timings,
            object_size,
            _tracker: tracker,
        }
    }

    /// The entry of the external function that the module calls `name`.
    #[must_use]
    pub fn address(&self, name: &str) -> Option<*const ()> {
        self.functions
            .get(name)
            .map(|address| *address as *const ())
    }

    /// The storage of the external global that the module calls `name`.
    ///
    /// It is writable unless the module declares the global `constant`.
    #[must_use]
    pub fn data(&self, name: &str) -> Option<*mut u8> {
        self.data.get(name).map(|address| *address as *mut u8)
    }

    /// The names of the external functions, in the module's order.
    pub fn functions(&self) -> impl Iterator<Item = &str> {
        self.functions.keys().map(String::as_str)
    }

    /// How long the compilation took, by step.
    #[must_use]
    pub fn timings(&self) -> Timings {
        self.timings
    }

    /// The size of the linked object file in bytes: the order of magnitude of the memory in use.
    #[must_use]
    pub fn object_size(&self) -> usize {
        self.object_size
    }
}

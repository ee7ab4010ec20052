//! The engine: from a module of the LLVM dialect to machine code that can be called and freed.
//!
//! It knows nothing of Python, of our dialects or of passes. A module goes in, addresses come out:
//!
//! ```text
//! melior Module (llvm dialect)
//!   └ translate   mlirTranslateModuleToLLVMIR, in an LLVM context that lives for one compilation
//!   └ optimise    LLVMRunPasses for the host CPU, with a pipeline for the level and the shape of the code
//!   └ codegen     an ELF object in memory
//!   └ link        LLJIT's object layer (JITLink), under a resource tracker of its own
//! CompiledUnit    addresses by name; dropping it unmaps the code
//! ```
//!
//! There is one [`Engine`] for the process. Nothing of LLVM is initialised before the first
//! compilation, so importing the extension costs nothing.
//!
//! # Names
//!
//! A module uses plain names (`body`, `refs`), the same in every dump. Every external *definition*
//! gets a suffix that is unique to the unit (`body.u17`) just before code is generated, and is found
//! again by its plain name with [`CompiledUnit::address`] or [`CompiledUnit::data`]. Internal
//! definitions stay internal. A table that the caller fills after linking must be an external global:
//! the optimiser may, and does, take an internal global that nobody writes for the constant in its
//! initialiser.
//!
//! External *declarations* must have been given to [`Engine::define_symbols`]. The symbols of the
//! process are not searched, so a missing row of the runtime table is an error that names it and never
//! an accidental match. The exceptions are the routines of the C and mathematics library which LLVM
//! itself introduces (`memset`, `fmod`, ...; see `libcalls.rs`).
//!
//! # What is registered, and why no more
//!
//! LLVM and MLIR are linked statically, so each registration decides how much of them ends up in the
//! extension.
//!
//! | registered | why | instead of |
//! |---|---|---|
//! | `LLVMInitializeX86{TargetInfo,Target,TargetMC,AsmPrinter,AsmParser}` (or the AArch64 ones) | code and assembly for the host; without the parser a module with inline assembly would end the process | the `Native` and `All` initialisers of `llvm-sys`, which share an object file that refers to all 20 targets |
//! | translations of `builtin` and `llvm` ([`register_translations`]) | what the lowest level holds | `mlirRegisterAllLLVMTranslations`: NVVM, ROCDL, SPIR-V, OpenMP, OpenACC |
//! | passes through `LLVMRunPasses` | the standard pipelines, and a shorter one for code that runs through once | MLIR's own execution engine |
//!
//! There is no disassembler, no dynamic library is loaded, and no LLVM option is set before somebody asks for
//! [`Engine::loops`].
//!
//! # Arithmetic
//!
//! The target machine fuses no multiplication and addition that the IR keeps apart, and no fast-math
//! flag is added. No vector mathematics library is used: libmvec's functions are allowed errors of
//! several units in the last place, so a vectorised loop would compute other values than a scalar one.
//!
//! # Profiling
//!
//! With the environment variable `STEPWELL_PERF` set to anything but `0`, each unit is listed in
//! `/tmp/perf-<pid>.map`, where `perf report` looks for it, and functions keep their frame pointers.

mod buffer;
mod engine;
mod error;
mod ir;
mod libcalls;
mod message;
mod options;
mod perf;
mod pipeline;
mod remarks;
mod session;
mod shape;
mod symbols;
mod target;
mod translate;
mod unit;

pub use engine::Engine;
pub use error::EngineError;
pub use options::{CompileOptions, Level};
pub use remarks::Loop;
pub use translate::register_translations;
pub use unit::{CompiledUnit, Timings};

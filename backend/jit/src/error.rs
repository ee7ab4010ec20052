//! What can go wrong in the engine. None of these is the fault of the user's function.

/// Why the engine could not make machine code or text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// An optimisation level outside 0 to 3.
    #[error("optimisation level {0} does not exist: use 0, 1, 2 or 3")]
    OptLevel(u8),
    /// LLVM has no code generator for this machine, or the JIT cannot be set up.
    #[error("cannot make machine code on this host: {0}")]
    Host(String),
    /// The module is not one that MLIR can translate; the text is MLIR's diagnostics.
    #[error("cannot translate the module to LLVM IR: {0}")]
    Translate(String),
    /// The module refers to symbols that nobody has defined.
    #[error("undefined symbols: {}", .0.join(", "))]
    UndefinedSymbols(Vec<String>),
    /// A symbol was defined twice, at different addresses.
    #[error("symbol `{0}` is already defined at another address")]
    SymbolConflict(String),
    /// A name that cannot be a symbol because it holds a NUL byte.
    #[error("{0:?} cannot be a symbol name")]
    SymbolName(String),
    /// LLVM's optimiser refused.
    #[error("cannot optimise: {0}")]
    Optimise(String),
    /// LLVM's code generator refused.
    #[error("cannot generate code: {0}")]
    Codegen(String),
    /// The object could not be linked into the process.
    #[error("cannot link: {0}")]
    Link(String),
}

//! The engine itself: the steps of a compilation in their order.

use std::{
    sync::{
        Mutex, OnceLock, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use indexmap::IndexMap;
use llvm_sys::target_machine::LLVMCodeGenFileType;
use melior::ir::Module;

use crate::{
    CompileOptions, CompiledUnit, EngineError, Level, Timings,
    buffer::Buffer,
    ir::{Definition, IrModule},
    options::OptLevel,
    perf,
    session::{Session, Tracker},
    symbols::SymbolTable,
    target::{Lent, MachinePool},
};

/// Compiles modules of the LLVM dialect. There is one, and threads may share it.
///
/// Compilations of different threads run side by side: each has an LLVM context and a target machine
/// of its own.
pub struct Engine {
    symbols: Mutex<Option<SymbolTable>>,
    machines: MachinePool,
    session: OnceLock<Result<Session, EngineError>>,
    units: AtomicU64,
}

impl Engine {
    /// The process's engine. Asking for it initialises nothing; [`Engine::prepare`] does.
    pub fn get() -> &'static Self {
        static ENGINE: OnceLock<Engine> = OnceLock::new();
        ENGINE.get_or_init(|| Self {
            symbols: Mutex::new(None),
            machines: MachinePool::default(),
            session: OnceLock::new(),
            units: AtomicU64::new(0),
        })
    }

    /// Makes what the first compilation of code that runs a few times would make. What fails here fails there again, and is
    /// told there.
    pub fn prepare(&self) {
        let _ = self.session();
        drop(self.machines.lend(OptLevel::O0));
    }

    /// Defines what modules may declare: functions and data of this process, by address.
    ///
    /// A symbol stays defined for good. Defining it again with the same address changes nothing.
    ///
    /// # Errors
    /// [`EngineError::SymbolConflict`] when a symbol has another address already. Those before it in
    /// the list are defined nevertheless.
    ///
    /// # Safety
    /// Each address is the symbol's as long as the process lives, and what is there is what the
    /// modules declare it to be.
    pub unsafe fn define_symbols(&self, symbols: &[(&str, *const ())]) -> Result<(), EngineError> {
        self.with_symbols(|table| {
            symbols
                .iter()
                .try_for_each(|(name, address)| table.define(name, *address as usize))
        })
    }

    /// Makes machine code of `module`, which holds the LLVM dialect only and stays as it is.
    ///
    /// # Errors
    /// [`EngineError::OptLevel`] for a level that does not exist, [`EngineError::UndefinedSymbols`] for
    /// declarations that nobody has defined, [`EngineError::Translate`] for a module that is not fit,
    /// and the others when LLVM fails.
    pub fn compile(
        &'static self,
        module: &Module,
        options: &CompileOptions,
    ) -> Result<CompiledUnit, EngineError> {
        let level = options.level()?;
        let session = self.session()?;
        let machine = self.machines.lend(level)?;
        let (ir, translate) = timed(|| IrModule::translate(module, &machine, *options));
        let mut ir = ir?;
        self.prepare_symbols(session, &ir)?;
        let (optimised, optimise) = timed(|| ir.optimise(&machine, level));
        optimised?;

        let suffix = format!(".u{}", self.units.fetch_add(1, Ordering::Relaxed));
        let definitions = ir.hide_definitions();
        ir.rename_definitions(&suffix);
        let (object, codegen) =
            timed(|| self.emit(&mut ir, &machine, LLVMCodeGenFileType::LLVMObjectFile));
        let object = object?;
        drop(machine);

        let object_size = object.bytes().len();
        let sizes = perf::enabled().then(|| perf::symbol_sizes(&object));
        let unique: Vec<_> = definitions
            .iter()
            .map(|it| format!("{}{suffix}", it.name))
            .collect();
        let (linked, link) = timed(|| session.link(object, &unique));
        let (addresses, tracker) = linked?;
        if let Some(sizes) = sizes {
            perf::record(&addresses, &sizes);
        }
        let timings = Timings {
            translate,
            optimise,
            codegen,
            link,
        };
        Ok(assemble(
            definitions,
            &unique,
            &addresses,
            timings,
            object_size,
            tracker,
        ))
    }

    /// Shows `module` as LLVM IR or assembly, with plain names: the same text in every run.
    ///
    /// Symbols need not be defined.
    ///
    /// # Errors
    /// As for [`Engine::compile`].
    pub fn emit_text(
        &self,
        module: &Module,
        options: &CompileOptions,
        form: Level,
    ) -> Result<String, EngineError> {
        let level = options.level()?;
        let machine = self.machines.lend(level)?;
        let mut ir = IrModule::translate(module, &machine, *options)?;
        if form != (Level::LlvmIr { optimised: false }) {
            ir.optimise(&machine, level)?;
        }
        if form != Level::Asm {
            return Ok(ir.print());
        }
        ir.hide_definitions();
        let text = self.emit(&mut ir, &machine, LLVMCodeGenFileType::LLVMAssemblyFile)?;
        Ok(String::from_utf8_lossy(text.bytes()).into_owned())
    }

    /// Generates code. Beyond some size the good way takes many times as long as the quick one, which is then taken.
    fn emit(
        &self,
        ir: &mut IrModule,
        machine: &Lent<'_>,
        kind: LLVMCodeGenFileType,
    ) -> Result<Buffer, EngineError> {
        if ir.is_huge() {
            return ir.emit(&*self.machines.lend(OptLevel::O0)?, kind);
        }
        ir.emit(machine, kind)
    }

    /// A machine for `level`, for as long as it is held.
    pub(crate) fn lend_machine(&self, level: OptLevel) -> Result<Lent<'_>, EngineError> {
        self.machines.lend(level)
    }

    fn session(&self) -> Result<&Session, EngineError> {
        let session = self.session.get_or_init(Session::new);
        session.as_ref().map_err(EngineError::clone)
    }

    /// Checks that all of the module's symbols exist and that the JIT knows them.
    fn prepare_symbols(&self, session: &Session, ir: &IrModule) -> Result<(), EngineError> {
        self.with_symbols(|table| {
            table.check(ir.undefined())?;
            table.flush(|fresh| session.define(fresh))
        })
    }

    fn with_symbols<T>(&self, action: impl FnOnce(&mut SymbolTable) -> T) -> T {
        let mut guard = self.symbols.lock().unwrap_or_else(PoisonError::into_inner);
        action(guard.get_or_insert_with(SymbolTable::new))
    }
}

/// Gives each address its plain name back.
fn assemble(
    definitions: Vec<Definition>,
    unique: &[String],
    addresses: &IndexMap<String, usize>,
    timings: Timings,
    object_size: usize,
    tracker: Tracker,
) -> CompiledUnit {
    let mut functions = IndexMap::new();
    let mut data = IndexMap::new();
    for (definition, unique) in definitions.into_iter().zip(unique) {
        let table = if definition.is_function {
            &mut functions
        } else {
            &mut data
        };
        table.extend(
            addresses
                .get(unique)
                .map(|address| (definition.name, *address)),
        );
    }
    CompiledUnit::new(functions, data, timings, object_size, tracker)
}

fn timed<T>(action: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = action();
    (result, start.elapsed())
}

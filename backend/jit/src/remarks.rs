//! What LLVM's loop vectoriser says of a module's loops.

use std::sync::Once;

use llvm_sys::support::LLVMParseCommandLineOptions;
use melior::{
    ir::Module,
    pass::{PassManager, llvm::create_di_scope_for_llvm_func_op_pass},
};

use crate::{CompileOptions, Engine, EngineError, ir::IrModule};

/// A remark about a loop. LLVM names the loop's head or the instruction that is in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The name of the source file, without its directory.
    pub file: String,
    /// The source line, counted from 1.
    pub line: u32,
    /// What LLVM says, such as `vectorized loop (vectorization width: 4, interleaved count: 4)`. The bare
    /// `loop not vectorized` ends the remarks about one loop.
    pub text: String,
}

impl Engine {
    /// Optimises `module` and returns what the loop vectoriser said of loops whose source line is known, in its order.
    ///
    /// The module's functions get debug information; it is otherwise left as it is.
    ///
    /// # Errors
    /// As for [`Engine::compile`].
    pub fn remarks(
        &self,
        module: &Module,
        options: &CompileOptions,
    ) -> Result<Vec<Remark>, EngineError> {
        ask_for_remarks();
        add_debug_scopes(module)?;
        let level = options.level()?;
        let machine = self.lend_machine(level)?;
        let mut ir = IrModule::translate(module, &machine, *options)?;
        ir.optimise(&machine, level)?;
        Ok(ir.remarks().iter().filter_map(|text| parse(text)).collect())
    }
}

/// Makes LLVM emit the vectoriser's remarks. They go to the handler that each of our contexts has, so nothing is printed.
///
/// LLVM offers no other way than its options, which are the process's: from here on every compilation makes remarks, and
/// drops them.
fn ask_for_remarks() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let options = [
            c"stepwell",
            c"-pass-remarks=loop-vectorize",
            c"-pass-remarks-missed=loop-vectorize",
            c"-pass-remarks-analysis=loop-vectorize",
        ]
        .map(|option| option.as_ptr());
        // SAFETY: the count is that of the array, whose strings are static. These options exist, so that nothing is
        // printed and the process is not ended.
        unsafe {
            LLVMParseCommandLineOptions(options.len() as i32, options.as_ptr(), c"".as_ptr());
        }
    });
}

/// Gives each function the scope without which LLVM drops its source lines.
fn add_debug_scopes(module: &Module) -> Result<(), EngineError> {
    let context = module.context();
    // SAFETY: the module, borrowed here, keeps its context alive.
    let manager = PassManager::new(unsafe { context.to_ref() });
    manager.add_pass(create_di_scope_for_llvm_func_op_pass());
    // SAFETY: manager and module are alive; the pass adds attributes to functions, and nothing refers to those.
    let result = unsafe {
        mlir_sys::mlirPassManagerRunOnOp(manager.to_raw(), module.as_operation().to_raw())
    };
    match result.value {
        0 => Err(EngineError::Translate(
            "no debug information can be added".to_owned(),
        )),
        _ => Ok(()),
    }
}

/// Splits `file.py:3:5: text`, if it is a remark of the loop vectoriser: others come as well, and LLVM's C interface does
/// not tell whose they are. A loop without a place is one of the runtime's helpers.
fn parse(remark: &str) -> Option<Remark> {
    let start = ["loop not vectorized", "vectorized loop"]
        .iter()
        .find_map(|words| remark.find(&format!(": {words}")))?;
    let (place, text) = (&remark[..start], &remark[start + 2..]);
    let mut parts = place.rsplitn(3, ':');
    let (Ok(_), Ok(line)) = (parts.next()?.parse::<u32>(), parts.next()?.parse()) else {
        return None;
    };
    let file = parts.next()?;
    (line > 0).then(|| Remark {
        file: file.to_owned(),
        line,
        text: text.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_split_off_from_the_right() {
        let remark = parse("f.py:3:5: loop not vectorized: why");
        let expected = Remark {
            file: "f.py".to_owned(),
            line: 3,
            text: "loop not vectorized: why".to_owned(),
        };
        assert_eq!(remark, Some(expected));
        assert_eq!(parse("<unknown>:0:0: loop not vectorized"), None);
        assert_eq!(parse("f.py:3:5: 'g' inlined into 'f'"), None);
    }
}

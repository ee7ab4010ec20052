//! What LLVM's loop vectoriser says of a module's loops.

use std::sync::Once;

use indexmap::{IndexMap, IndexSet};
use llvm_sys::support::LLVMParseCommandLineOptions;
use melior::{
    ir::Module,
    pass::{PassManager, llvm::create_di_scope_for_llvm_func_op_pass},
};

use crate::{CompileOptions, Engine, EngineError, ir::IrModule};

/// An innermost loop, and what LLVM made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loop {
    /// The name of the source file, without its directory.
    pub file: String,
    /// The source line of its head, counted from 1.
    pub line: u32,
    /// Whether it was vectorised.
    pub vectorised: bool,
    /// LLVM's words: how it was vectorised, or what is in the way, with the line of that.
    pub remarks: Vec<String>,
}

/// What the vectoriser says when it is through with a loop that it leaves alone.
const NOT_VECTORISED: &str = "loop not vectorized";

impl Engine {
    /// Optimises `module` and returns its innermost loops, as far as their source lines are known.
    ///
    /// Of a loop that was vectorised the remainder is left out. The module's functions get debug information; it is
    /// otherwise left as it is.
    ///
    /// # Errors
    /// As for [`Engine::compile`].
    pub fn loops(
        &self,
        module: &Module,
        options: &CompileOptions,
    ) -> Result<Vec<Loop>, EngineError> {
        ask_for_remarks();
        add_debug_scopes(module)?;
        let level = options.level()?;
        let machine = self.lend_machine(level)?;
        let mut ir = IrModule::translate(module, &machine, *options)?;
        ir.optimise(&machine, level)?;
        Ok(loops(ir.remarks().iter().filter_map(|text| parse(text))))
    }
}

/// A remark of the vectoriser, about a loop's head or about an instruction that is in the way.
#[derive(Debug, PartialEq, Eq)]
struct Remark<'a> {
    file: &'a str,
    line: u32,
    text: &'a str,
}

/// Puts remarks together. LLVM gives its reasons first and then the loop that they are about.
fn loops<'a>(remarks: impl Iterator<Item = Remark<'a>>) -> Vec<Loop> {
    let mut found: IndexMap<(&str, u32), Loop> = IndexMap::new();
    let mut reasons = IndexSet::new();
    for Remark { file, line, text } in remarks {
        if let Some(reason) = text.strip_prefix("loop not vectorized: ") {
            reasons.insert(format!("{reason} (line {line})"));
            continue;
        }
        let vectorised = text != NOT_VECTORISED;
        let reasons = std::mem::take(&mut reasons);
        let new = Loop {
            file: file.to_owned(),
            line,
            vectorised,
            remarks: match vectorised {
                true => vec![text.to_owned()],
                false => reasons.into_iter().collect(),
            },
        };
        let known = found.entry((file, line)).or_insert_with(|| new.clone());
        if vectorised {
            *known = new;
        }
    }
    found.into_values().collect()
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
fn parse(remark: &str) -> Option<Remark<'_>> {
    let start = [NOT_VECTORISED, "vectorized loop"]
        .iter()
        .find_map(|words| remark.find(&format!(": {words}")))?;
    let (place, text) = (&remark[..start], &remark[start + 2..]);
    let mut parts = place.rsplitn(3, ':');
    let (Ok(_), Ok(line)) = (parts.next()?.parse::<u32>(), parts.next()?.parse()) else {
        return None;
    };
    let file = parts.next()?;
    (line > 0).then_some(Remark { file, line, text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_split_off_from_the_right() {
        let expected = Remark {
            file: "f.py",
            line: 3,
            text: "loop not vectorized: why",
        };
        assert_eq!(parse("f.py:3:5: loop not vectorized: why"), Some(expected));
        assert_eq!(parse("<unknown>:0:0: loop not vectorized"), None);
        assert_eq!(parse("f.py:3:5: 'g' inlined into 'f'"), None);
    }

    #[test]
    fn reasons_belong_to_the_loop_that_follows_them() {
        let remarks = [
            (12, "loop not vectorized: a call"),
            (12, "loop not vectorized: a call"),
            (11, NOT_VECTORISED),
            (
                20,
                "vectorized loop (vectorization width: 4, interleaved count: 4)",
            ),
            (20, NOT_VECTORISED),
        ];
        let remarks = remarks.map(|(line, text)| Remark {
            file: "f.py",
            line,
            text,
        });
        let loops = loops(remarks.into_iter());
        assert_eq!(loops.len(), 2);
        assert_eq!(loops[0].remarks, ["a call (line 12)"]);
        assert!(!loops[0].vectorised && loops[1].vectorised);
    }
}

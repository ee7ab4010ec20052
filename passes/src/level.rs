//! The levels and what may remain at each: a level is a promise, and [`Level::check`] holds it.

use crate::source_location;
use melior::ir::{
    Location, Module,
    operation::{OperationLike, WalkOrder, WalkResult},
};
use std::{error::Error, fmt, str::FromStr};

/// Where a function stands on its way down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Decoded instructions and their CFG; not MLIR.
    Bytecode,
    /// Python semantics in SSA form, as the frontend writes it.
    Py,
    /// Machine types where they are known.
    Typed,
    /// Suspension points expanded, native locals spilled.
    State,
    /// Objects are calls to the C API and the runtime, references are counted.
    Calls,
    /// The LLVM dialect alone.
    Llvm,
    /// LLVM IR; not MLIR.
    LlvmIr,
    /// Machine code; not MLIR.
    Asm,
}

use Level::{Asm, Bytecode, Calls, Llvm, LlvmIr, Py, State, Typed};

/// What may stand in a module at a level that is MLIR.
struct Contract {
    level: Level,
    dialects: &'static [&'static str],
    /// Ops of those dialects that may not.
    except: &'static [&'static str],
}

/// Reference counts are the business of one pass, far below.
const COUNTS: [&str; 2] = ["py.incref", "py.decref"];

const CONTRACTS: &[Contract] = &[
    Contract {
        level: Py,
        dialects: &["builtin", "func", "cf", "arith", "py", "state"],
        except: &COUNTS,
    },
    Contract {
        level: Typed,
        dialects: &[
            "builtin", "func", "cf", "arith", "py", "state", "num", "complex", "math", "scf",
            "memref", "vector",
        ],
        except: &COUNTS,
    },
    Contract {
        level: State,
        dialects: &[
            "builtin", "func", "cf", "arith", "py", "state", "num", "complex", "math", "scf",
            "memref", "vector",
        ],
        except: &[COUNTS[0], COUNTS[1], "state.yield"],
    },
    Contract {
        level: Calls,
        dialects: &[
            "builtin", "func", "cf", "arith", "complex", "math", "memref", "vector", "llvm",
        ],
        except: &[],
    },
    Contract {
        level: Llvm,
        dialects: &["builtin", "llvm"],
        except: &["builtin.unrealized_conversion_cast"],
    },
];

/// An op that a level does not allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContractViolation {
    /// The level whose contract is broken.
    pub level: Level,
    /// The full name of the op.
    pub op: String,
    /// Where it comes from, as `file.py:3:5`.
    pub location: String,
}

impl fmt::Display for ContractViolation {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        let Self {
            level,
            op,
            location,
        } = self;
        write!(
            formatter,
            "{location}: {op} may not remain at level {level}"
        )
    }
}

impl Error for ContractViolation {}

impl Level {
    /// Every level, from the top down.
    pub const ALL: [Self; 8] = [Bytecode, Py, Typed, State, Calls, Llvm, LlvmIr, Asm];

    /// The one word for it in the API, on the command line and in dumps.
    pub const fn name(self) -> &'static str {
        match self {
            Bytecode => "bytecode",
            Py => "py",
            Typed => "typed",
            State => "state",
            Calls => "calls",
            Llvm => "llvm",
            LlvmIr => "llvmir",
            Asm => "asm",
        }
    }

    /// Whether a function at this level is an MLIR module.
    pub fn is_mlir(self) -> bool {
        (Py..=Llvm).contains(&self)
    }

    /// Looks for an op that may not remain at this level.
    ///
    /// # Errors
    ///
    /// The first such op. A level that is not MLIR has no contract.
    pub fn check(self, module: &Module) -> Result<(), ContractViolation> {
        let Some(contract) = CONTRACTS.iter().find(|contract| contract.level == self) else {
            return Ok(());
        };
        let mut violation = None;
        module.as_operation().walk(WalkOrder::PreOrder, |op| {
            let name = op.name();
            let name = name.as_string_ref().as_str().unwrap_or_default();
            if contract.allows(name) {
                return WalkResult::Advance;
            }
            violation = Some(self.violation(name, op.location()));
            WalkResult::Interrupt
        });
        violation.map_or(Ok(()), Err)
    }

    fn violation(self, op: &str, location: Location) -> ContractViolation {
        ContractViolation {
            level: self,
            op: op.to_owned(),
            location: source_location(location),
        }
    }
}

impl Contract {
    fn allows(&self, op: &str) -> bool {
        let dialect = op.split_once('.').map_or(op, |(dialect, _)| dialect);
        self.dialects.contains(&dialect) && !self.except.contains(&op)
    }
}

impl fmt::Display for Level {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.pad(self.name())
    }
}

/// A word that is not the name of a level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownLevel(pub String);

impl fmt::Display for UnknownLevel {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        let names = Level::ALL.map(Level::name).join(", ");
        write!(
            formatter,
            "no level is called {:?}; there are {names}",
            self.0
        )
    }
}

impl Error for UnknownLevel {}

impl FromStr for Level {
    type Err = UnknownLevel;

    fn from_str(word: &str) -> Result<Self, UnknownLevel> {
        Self::ALL
            .into_iter()
            .find(|level| level.name() == word)
            .ok_or_else(|| UnknownLevel(word.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stepwell_dialects::ir::{create_context, parse_module};

    const BODY: &str = "func.func @f(%x: !py.object) -> !py.object {
        py.incref %x loc(\"f.py\":3:5)
        func.return %x : !py.object
    }";

    #[test]
    fn names_are_read_back() {
        for level in Level::ALL {
            assert_eq!(level.name().parse(), Ok(level));
        }
        let error = "ast".parse::<Level>().expect_err("no such level");
        assert!(error.to_string().contains("bytecode, py, typed"));
    }

    #[test]
    fn a_violation_names_op_and_place() {
        let context = create_context();
        let module = parse_module(&context, BODY).expect("valid IR");
        let violation = Py.check(&module).expect_err("counts are not allowed at py");
        assert_eq!(
            violation.to_string(),
            "f.py:3:5: py.incref may not remain at level py"
        );
        assert_eq!(Asm.check(&module), Ok(()));
    }
}

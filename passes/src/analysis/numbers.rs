//! What Python code does with numbers besides operators: calls of `int`, `float`, `bool` and `complex`, and
//! the attributes `real` and `imag`.

use super::fact::Kind;
use crate::inspect::{defined_by, str_attribute};
use melior::ir::{OperationRef, Value, operation::OperationLike};

/// A builtin type whose call on numbers has a native form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Constructor {
    /// Its name in Python.
    pub name: &'static str,
    /// The C symbol of the type, by which the callee is recognised when the call is made.
    pub symbol: &'static str,
    /// What it makes of numbers.
    pub makes: Kind,
}

const CONSTRUCTORS: [Constructor; 4] = [
    Constructor {
        name: "int",
        symbol: "PyLong_Type",
        makes: Kind::Int,
    },
    Constructor {
        name: "float",
        symbol: "PyFloat_Type",
        makes: Kind::Float,
    },
    Constructor {
        name: "bool",
        symbol: "PyBool_Type",
        makes: Kind::Bool,
    },
    Constructor {
        name: "complex",
        symbol: "PyComplex_Type",
        makes: Kind::Complex,
    },
];

/// Whether a global of that name is most likely a builtin type that is known here.
pub fn is_type_name(name: &str) -> bool {
    name == "range"
        || CONSTRUCTORS
            .iter()
            .any(|constructor| constructor.name == name)
}

/// The constructor that a `py.call` seems to call, by the name of the global.
pub fn constructor(call: OperationRef) -> Option<Constructor> {
    let name = called_global(call)?;
    let found = CONSTRUCTORS
        .into_iter()
        .find(|constructor| constructor.name == name);
    found.filter(|_| is_plain_call(call))
}

/// The name of the global that a `py.call` calls. One that is known stands for the builtin of that name, if there is one.
pub fn called_global<'a>(call: OperationRef<'_, 'a>) -> Option<&'a str> {
    let callee = call.operand(0).ok()?;
    let global = defined_by(callee, "py.load_global").or_else(|| defined_by(callee, "py.known"))?;
    str_attribute(global, "name")
}

/// Whether a `py.call` has no self and no keywords. A method of a module has no self.
pub fn is_plain_call(call: OperationRef) -> bool {
    let this = call.operand(1).ok();
    let none = this.is_some_and(|this| {
        defined_by(this, "py.null").is_some() || defined_by(this, "py.load_method").is_some()
    });
    none && !call.has_attribute("kwnames")
}

/// The arguments of a `py.call`: what stands between the callee and self, and the state.
pub fn arguments<'c, 'a>(call: OperationRef<'c, 'a>) -> Vec<Value<'c, 'a>> {
    let count = call.operand_count().saturating_sub(3);
    call.operands().skip(2).take(count).collect()
}

impl Constructor {
    /// The kind of the result for arguments of these kinds.
    pub fn result(self, arguments: &[Kind]) -> Kind {
        // A scalar of NumPy is converted like the number that it is held as.
        let arguments: Vec<_> = arguments.iter().map(|kind| kind.number()).collect();
        let real = |kind: &Kind| matches!(kind, Kind::Int | Kind::Float | Kind::Bool);
        let open = |kind: &Kind| *kind == Kind::Never || kind.is_native();
        let takes = match (self.makes, &arguments[..]) {
            (Kind::Bool | Kind::Complex, [one]) => one.is_native(),
            (Kind::Complex, [one, two]) => real(one) && real(two),
            (_, [one]) => real(one),
            _ => return Kind::Object,
        };
        match takes {
            true => self.makes,
            false if arguments.contains(&Kind::Never) && arguments.iter().all(open) => Kind::Never,
            false => Kind::Object,
        }
    }
}

/// The kind of an attribute of a number. The builtin types cannot be changed, so that nothing has to
/// be checked.
pub fn attribute(number: Kind, name: &str) -> Option<Kind> {
    match (number, name) {
        (Kind::Never, "real" | "imag") => Some(Kind::Never),
        (Kind::Complex | Kind::Float, "real" | "imag") => Some(Kind::Float),
        (Kind::Int | Kind::Bool, "real" | "imag") => Some(Kind::Int),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_numbers() {
        let [int, float, bool, complex] = CONSTRUCTORS;
        assert_eq!(int.result(&[Kind::Float]), Kind::Int);
        assert_eq!(int.result(&[Kind::Complex]), Kind::Object);
        assert_eq!(float.result(&[Kind::Never]), Kind::Never);
        assert_eq!(float.result(&[]), Kind::Object);
        assert_eq!(bool.result(&[Kind::Complex]), Kind::Bool);
        assert_eq!(complex.result(&[Kind::Int, Kind::Float]), Kind::Complex);
        assert_eq!(complex.result(&[Kind::Complex, Kind::Float]), Kind::Object);
    }
}

//! What Python code does with numbers besides operators: calls of `int`, `float`, `bool` and `complex`, and
//! the attributes `real` and `imag`.

use super::{
    fact::Kind,
    functions::{self, Argument},
};
use crate::inspect::{defined_by, int_attribute, str_attribute, string};
use melior::ir::{OperationRef, Value, attribute::DictionaryAttribute, operation::OperationLike};

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
    found.filter(|_| has_no_self(call))
}

/// The name of the global that a `py.call` calls. One that is known stands for the builtin of that name, if there is one.
pub fn called_global<'a>(call: OperationRef<'_, 'a>) -> Option<&'a str> {
    let callee = call.operand(0).ok()?;
    let global = defined_by(callee, "py.load_global").or_else(|| defined_by(callee, "py.known"))?;
    str_attribute(global, "name")
}

/// Whether a `py.call` has no self and no keywords. A method of a module has no self.
pub fn is_plain_call(call: OperationRef) -> bool {
    has_no_self(call) && !call.has_attribute("kwnames")
}

/// Whether a `py.call` has no self. A method of a module has none.
pub fn has_no_self(call: OperationRef) -> bool {
    let this = call.operand(1).ok();
    this.is_some_and(|this| {
        defined_by(this, "py.null").is_some() || defined_by(this, "py.load_method").is_some()
    })
}

/// The names by which the last arguments of a `py.call` are given: the constant that its frame state has on top.
pub fn keywords<'c>(call: OperationRef<'c, '_>) -> Option<Vec<&'c str>> {
    let Some(index) = int_attribute(call, "kwnames") else {
        return Some(Vec::new());
    };
    let state = call.operand(call.operand_count().checked_sub(1)?).ok()?;
    let top = defined_by(state, "py.frame_state")?.operands().last()?;
    let names =
        defined_by(top, "py.constant").filter(|op| int_attribute(*op, "index") == Some(index))?;
    let entries = DictionaryAttribute::try_from(names.attribute("value").ok()?).ok()?;
    let text = entries.element_by_name("repr").and_then(string)?;
    let words = text.strip_prefix('(')?.strip_suffix(')')?.split(',');
    let words = words.map(|word| word.trim().trim_matches('"'));
    Some(words.filter(|word| !word.is_empty()).collect())
}

/// The arguments of a `py.call` of a known function, in the order of its parameters.
pub fn arrange(call: OperationRef, path: &str) -> Option<Vec<Argument>> {
    let keywords = keywords(call).filter(|_| has_no_self(call))?;
    let positional = arguments(call).len().checked_sub(keywords.len())?;
    functions::arrange(path, positional, &keywords)
}

/// The kinds of the arguments in the order of the parameters, given those in the order of the call.
pub fn arrange_kinds(call: OperationRef, path: &str, kinds: &[Kind]) -> Option<Vec<Kind>> {
    let arranged = arrange(call, path)?
        .into_iter()
        .map(|argument| match argument {
            Argument::Given(place) => kinds.get(place).copied(),
            Argument::Default(_) => Some(Kind::Float),
        });
    arranged.collect()
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
            (_, []) => true,
            (Kind::Bool | Kind::Complex, [one]) => one.is_native(),
            (Kind::Complex, [one, two]) => one.is_number() && two.is_number(),
            (_, [one]) => real(one),
            _ => return Kind::Object,
        };
        match takes {
            true => self.makes,
            false if arguments.contains(&Kind::Never) && arguments.iter().all(open) => Kind::Never,
            false => Kind::Object,
        }
    }

    /// The kind of the result of a call with arguments of these kinds.
    pub fn result_of(self, call: OperationRef, arguments: &[Kind]) -> Kind {
        let path = format!("builtins.{}", self.name);
        let plain = is_plain_call(call).then(|| arguments.to_vec());
        let arranged = plain.or_else(|| arrange_kinds(call, &path, arguments));
        arranged.map_or(Kind::Object, |kinds| self.result(&kinds))
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
        assert_eq!(float.result(&[]), Kind::Float);
        assert_eq!(float.result(&[Kind::Float; 2]), Kind::Object);
        assert_eq!(bool.result(&[Kind::Complex]), Kind::Bool);
        assert_eq!(complex.result(&[Kind::Int, Kind::Float]), Kind::Complex);
        assert_eq!(complex.result(&[Kind::Complex, Kind::Float]), Kind::Complex);
    }
}

//! Functions of NumPy that compute natively on scalars of 64 bits.
//!
//! A scalar goes through the very loop that NumPy would run over it, so that its answer is NumPy's to the last bit; a few
//! are machine instructions. Where NumPy would warn, it is left to it.

use super::{
    fact::Kind,
    functions::{Body, Function, row},
};
use Body::{Inline, Loop};
use stepwell_abi::Element;

const F64: Kind = Kind::Scalar(Element::F64);
const BOOL: Kind = Kind::Scalar(Element::Bool);
const ONE: &[Kind] = &[Kind::Float];
const TWO: &[Kind] = &[Kind::Float; 2];

/// The rows, in the order of their names. [`Loop`] has the name of the function itself: `numpy.abs` is `absolute`.
pub const UFUNCS: &[Function] = &[
    row("numpy.abs", ONE, F64, Inline),
    row("numpy.absolute", ONE, F64, Inline),
    row("numpy.acos", ONE, F64, Loop("arccos")),
    row("numpy.acosh", ONE, F64, Loop("arccosh")),
    row("numpy.arccos", ONE, F64, Loop("arccos")),
    row("numpy.arccosh", ONE, F64, Loop("arccosh")),
    row("numpy.arcsin", ONE, F64, Loop("arcsin")),
    row("numpy.arcsinh", ONE, F64, Loop("arcsinh")),
    row("numpy.arctan", ONE, F64, Loop("arctan")),
    row("numpy.arctan2", TWO, F64, Loop("arctan2")),
    row("numpy.arctanh", ONE, F64, Loop("arctanh")),
    row("numpy.asin", ONE, F64, Loop("arcsin")),
    row("numpy.asinh", ONE, F64, Loop("arcsinh")),
    row("numpy.atan", ONE, F64, Loop("arctan")),
    row("numpy.atan2", TWO, F64, Loop("arctan2")),
    row("numpy.atanh", ONE, F64, Loop("arctanh")),
    row("numpy.cbrt", ONE, F64, Loop("cbrt")),
    row("numpy.ceil", ONE, F64, Inline),
    row("numpy.copysign", TWO, F64, Loop("copysign")),
    row("numpy.cos", ONE, F64, Loop("cos")),
    row("numpy.cosh", ONE, F64, Loop("cosh")),
    row("numpy.deg2rad", ONE, F64, Loop("deg2rad")),
    row("numpy.degrees", ONE, F64, Loop("degrees")),
    row("numpy.exp", ONE, F64, Loop("exp")),
    row("numpy.exp2", ONE, F64, Loop("exp2")),
    row("numpy.expm1", ONE, F64, Loop("expm1")),
    row("numpy.fabs", ONE, F64, Inline),
    row("numpy.floor", ONE, F64, Inline),
    row("numpy.fmax", TWO, F64, Loop("fmax")),
    row("numpy.fmin", TWO, F64, Loop("fmin")),
    row("numpy.fmod", TWO, F64, Loop("fmod")),
    row("numpy.hypot", TWO, F64, Loop("hypot")),
    row("numpy.isfinite", ONE, BOOL, Inline),
    row("numpy.isinf", ONE, BOOL, Inline),
    row("numpy.isnan", ONE, BOOL, Inline),
    row("numpy.log", ONE, F64, Loop("log")),
    row("numpy.log10", ONE, F64, Loop("log10")),
    row("numpy.log1p", ONE, F64, Loop("log1p")),
    row("numpy.log2", ONE, F64, Loop("log2")),
    row("numpy.maximum", TWO, F64, Loop("maximum")),
    row("numpy.minimum", TWO, F64, Loop("minimum")),
    row("numpy.mod", TWO, F64, Loop("remainder")),
    row("numpy.power", TWO, F64, Loop("power")),
    row("numpy.rad2deg", ONE, F64, Loop("rad2deg")),
    row("numpy.radians", ONE, F64, Loop("radians")),
    row("numpy.remainder", TWO, F64, Loop("remainder")),
    row("numpy.rint", ONE, F64, Inline),
    row("numpy.sign", ONE, F64, Loop("sign")),
    row("numpy.sin", ONE, F64, Loop("sin")),
    row("numpy.sinh", ONE, F64, Loop("sinh")),
    row("numpy.sqrt", ONE, F64, Inline),
    row("numpy.square", ONE, F64, Inline),
    row("numpy.tan", ONE, F64, Loop("tan")),
    row("numpy.tanh", ONE, F64, Loop("tanh")),
    row("numpy.trunc", ONE, F64, Inline),
];

/// Functions that have answers of their own for integers: the others convert them.
const OF_INTEGERS: [&str; 19] = [
    "numpy.abs",
    "numpy.absolute",
    "numpy.ceil",
    "numpy.floor",
    "numpy.fmax",
    "numpy.fmin",
    "numpy.fmod",
    "numpy.isfinite",
    "numpy.isinf",
    "numpy.isnan",
    "numpy.maximum",
    "numpy.minimum",
    "numpy.mod",
    "numpy.power",
    "numpy.remainder",
    "numpy.rint",
    "numpy.sign",
    "numpy.square",
    "numpy.trunc",
];

/// The row of a function on arguments of these kinds: floats and scalars of 64 bits, and integers that become such a float.
/// Narrower scalars have narrower results.
pub fn find(path: &str, arguments: &[Kind]) -> Option<&'static Function> {
    let function = named(path)?;
    let is_float = |kind: &Kind| *kind == Kind::Float || kind.element() == Some(Element::F64);
    let is_integer = |kind: &Kind| match kind.element() {
        Some(element) => matches!(element, Element::I32 | Element::U32 | Element::I64),
        None => *kind == Kind::Int,
    };
    let converts = arguments.iter().any(is_float) || !OF_INTEGERS.contains(&function.path);
    let fits = |kind: &Kind| is_float(kind) || converts && is_integer(kind);
    let all = function.parameters.len() == arguments.len() && arguments.iter().all(fits);
    all.then_some(function)
}

/// Whether there is a function of that name.
pub fn is_known(path: &str) -> bool {
    named(path).is_some()
}

/// The name that a function of NumPy gives itself.
pub fn own_name(path: &str) -> Option<&'static str> {
    let function = named(path)?;
    Some(match (function.body, function.path) {
        (Loop(name), _) => name,
        (_, "numpy.abs") => "absolute",
        (_, path) => path.trim_start_matches("numpy."),
    })
}

fn named(path: &str) -> Option<&'static Function> {
    let place = UFUNCS.binary_search_by(|function| function.path.cmp(path));
    Some(&UFUNCS[place.ok()?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_found_by_their_names() {
        assert!(UFUNCS.is_sorted_by_key(|function| function.path));
        for function in UFUNCS {
            assert!(is_known(function.path));
            if let Loop(name) = function.body {
                assert!(stepwell_abi::LOOPS.contains(&name), "{name}");
            }
        }
        assert_eq!(own_name("numpy.abs"), Some("absolute"));
        assert_eq!(own_name("numpy.asin"), Some("arcsin"));
        assert_eq!(own_name("numpy.dot"), None);
    }

    #[test]
    fn rows_are_for_floats_of_64_bits() {
        let result = |path, kinds: &[Kind]| find(path, kinds).map(|function| function.result);
        assert_eq!(result("numpy.exp", &[Kind::Float]), Some(F64));
        assert_eq!(result("numpy.isnan", &[F64]), Some(BOOL));
        assert_eq!(
            result("numpy.exp", &[Kind::Either(Element::F64)]),
            Some(F64)
        );
        assert_eq!(result("numpy.exp", &[Kind::Scalar(Element::F32)]), None);
        assert_eq!(result("numpy.exp", &[Kind::Int]), Some(F64));
        assert_eq!(result("numpy.exp", &[Kind::Bool]), None);
        assert_eq!(result("numpy.exp", &[Kind::Scalar(Element::I16)]), None);
        assert_eq!(result("numpy.square", &[Kind::Int]), None);
        assert_eq!(result("numpy.maximum", &[Kind::Int, Kind::Int]), None);
        assert_eq!(result("numpy.maximum", &[Kind::Int, F64]), Some(F64));
        assert_eq!(result("numpy.minimum", &[F64]), None);
    }
}

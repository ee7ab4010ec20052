//! Functions of `math`, `cmath` and the builtins that compute natively on numbers.

use super::fact::Kind;
use stepwell_abi::Element;

/// How a function is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// The C library's function of doubles that CPython calls, with CPython's check of its result: a result that is not
    /// a number, or infinite, although the arguments are finite, is an error.
    Library(&'static str),
    /// The same, where only a positive finite argument has an answer.
    LibraryOfPositive(&'static str),
    /// A runtime function that writes its answer, or has none.
    Runtime(&'static str),
    /// CPython's own function, called on objects.
    Interpreted,
    /// Machine instructions.
    Inline,
}

/// A function of fixed parameters.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    /// Its full name.
    pub path: &'static str,
    /// What it takes; narrower numbers are converted.
    pub parameters: &'static [Kind],
    /// What it yields.
    pub result: Kind,
    /// How it is computed.
    pub body: Body,
}

use Body::{Inline, Interpreted, Library, LibraryOfPositive, Runtime};
use Kind::{Bool, Complex, Float, Int};

const fn row(
    path: &'static str,
    parameters: &'static [Kind],
    result: Kind,
    body: Body,
) -> Function {
    Function {
        path,
        parameters,
        result,
        body,
    }
}

const F: &[Kind] = &[Float];
const FF: &[Kind] = &[Float, Float];
const I: &[Kind] = &[Int];
const II: &[Kind] = &[Int, Int];
const C: &[Kind] = &[Complex];

/// All of them. A function may have several rows, for different numbers of arguments or different kinds: the first one
/// that fits counts.
pub const FUNCTIONS: &[Function] = &[
    row("math.sqrt", F, Float, Inline),
    row("math.fabs", F, Float, Inline),
    row("math.copysign", FF, Float, Inline),
    row("math.floor", I, Int, Inline),
    row("math.ceil", I, Int, Inline),
    row("math.trunc", I, Int, Inline),
    row("math.floor", F, Int, Inline),
    row("math.ceil", F, Int, Inline),
    row("math.trunc", F, Int, Inline),
    row("math.isnan", F, Bool, Inline),
    row("math.isinf", F, Bool, Inline),
    row("math.isfinite", F, Bool, Inline),
    row("math.degrees", F, Float, Inline),
    row("math.radians", F, Float, Inline),
    row("math.sin", F, Float, Library("sin")),
    row("math.cos", F, Float, Library("cos")),
    row("math.tan", F, Float, Library("tan")),
    row("math.asin", F, Float, Library("asin")),
    row("math.acos", F, Float, Library("acos")),
    row("math.atan", F, Float, Library("atan")),
    row("math.sinh", F, Float, Library("sinh")),
    row("math.cosh", F, Float, Library("cosh")),
    row("math.tanh", F, Float, Library("tanh")),
    row("math.asinh", F, Float, Library("asinh")),
    row("math.acosh", F, Float, Library("acosh")),
    row("math.atanh", F, Float, Library("atanh")),
    row("math.exp", F, Float, Library("exp")),
    row("math.exp2", F, Float, Library("exp2")),
    row("math.expm1", F, Float, Library("expm1")),
    row("math.cbrt", F, Float, Library("cbrt")),
    row("math.erf", F, Float, Library("erf")),
    row("math.erfc", F, Float, Library("erfc")),
    row("math.atan2", FF, Float, Interpreted),
    row("math.log", F, Float, LibraryOfPositive("log")),
    row("math.log2", F, Float, LibraryOfPositive("log2")),
    row("math.log10", F, Float, LibraryOfPositive("log10")),
    row("math.log", FF, Float, Interpreted),
    row("math.log1p", F, Float, Interpreted),
    row("math.gamma", F, Float, Interpreted),
    row("math.lgamma", F, Float, Interpreted),
    row("math.ulp", F, Float, Interpreted),
    row("math.pow", FF, Float, Runtime("sw_pow_float")),
    row("math.fmod", FF, Float, Interpreted),
    row("math.remainder", FF, Float, Interpreted),
    row("math.nextafter", FF, Float, Interpreted),
    row("math.hypot", F, Float, Interpreted),
    row("math.hypot", FF, Float, Interpreted),
    row("math.fma", &[Float, Float, Float], Float, Interpreted),
    row("math.ldexp", &[Float, Int], Float, Interpreted),
    row("math.isclose", FF, Bool, Interpreted),
    row("math.gcd", II, Int, Runtime("sw_gcd")),
    row("math.isqrt", I, Int, Runtime("sw_isqrt")),
    row("math.lcm", II, Int, Interpreted),
    row("math.factorial", I, Int, Interpreted),
    row("math.comb", II, Int, Interpreted),
    row("math.perm", II, Int, Interpreted),
    row("cmath.sqrt", C, Complex, Interpreted),
    row("cmath.exp", C, Complex, Interpreted),
    row("cmath.log", C, Complex, Interpreted),
    row("cmath.log10", C, Complex, Interpreted),
    row("cmath.sin", C, Complex, Interpreted),
    row("cmath.cos", C, Complex, Interpreted),
    row("cmath.tan", C, Complex, Interpreted),
    row("cmath.asin", C, Complex, Interpreted),
    row("cmath.acos", C, Complex, Interpreted),
    row("cmath.atan", C, Complex, Interpreted),
    row("cmath.sinh", C, Complex, Interpreted),
    row("cmath.cosh", C, Complex, Interpreted),
    row("cmath.tanh", C, Complex, Interpreted),
    row("cmath.asinh", C, Complex, Interpreted),
    row("cmath.acosh", C, Complex, Interpreted),
    row("cmath.atanh", C, Complex, Interpreted),
    row("cmath.phase", C, Float, Interpreted),
    row("cmath.rect", FF, Complex, Interpreted),
    row("cmath.isnan", C, Bool, Interpreted),
    row("cmath.isinf", C, Bool, Interpreted),
    row("cmath.isfinite", C, Bool, Interpreted),
    row("builtins.abs", I, Int, Inline),
    row("builtins.abs", F, Float, Inline),
    row("builtins.abs", C, Float, Inline),
    row("builtins.min", II, Int, Inline),
    row("builtins.min", FF, Float, Inline),
    row("builtins.max", II, Int, Inline),
    row("builtins.max", FF, Float, Inline),
    row("builtins.round", I, Int, Inline),
    row("builtins.round", F, Int, Inline),
    row("builtins.round", &[Float, Int], Float, Interpreted),
    row("builtins.pow", II, Int, Inline),
    row("builtins.pow", FF, Float, Inline),
    row("builtins.pow", &[Int, Int, Int], Int, Runtime("sw_pow_mod")),
    row("builtins.divmod", II, Kind::Tuple, Inline),
    row("builtins.divmod", FF, Kind::Tuple, Inline),
    row("builtins.len", &[], Int, Inline),
    row("builtins.sum", &[], Int, Inline),
    row("builtins.any", &[], Bool, Inline),
    row("builtins.all", &[], Bool, Inline),
];

/// Constants of modules.
pub const CONSTANTS: [(&str, f64); 8] = [
    ("math.pi", std::f64::consts::PI),
    ("math.e", std::f64::consts::E),
    ("math.tau", std::f64::consts::TAU),
    ("math.inf", f64::INFINITY),
    ("math.nan", f64::NAN),
    ("cmath.pi", std::f64::consts::PI),
    ("cmath.e", std::f64::consts::E),
    ("cmath.tau", std::f64::consts::TAU),
];

/// Whether a function of that name computes natively on some arguments.
pub fn is_known(path: &str) -> bool {
    FUNCTIONS.iter().any(|function| function.path == path)
}

/// The value of a constant of a module.
pub fn constant(path: &str) -> Option<f64> {
    let (_, value) = CONSTANTS.iter().find(|(known, _)| *known == path)?;
    Some(*value)
}

/// The row for a call. Some functions yield a result of an argument's type, or an argument itself: those are not
/// converted. The others take a scalar of NumPy as the number that it is.
pub fn find(path: &str, arguments: &[Kind]) -> Option<&'static Function> {
    let is_builtin = path.starts_with("builtins.");
    let (of_one_type, of_that_type) = match path {
        "builtins.min" | "builtins.max" => (true, false),
        "builtins.pow" | "builtins.abs" | "builtins.round" => (false, true),
        _ => (false, false),
    };
    let fits = |(wanted, given): (&Kind, &Kind)| match (of_one_type, of_that_type) {
        (true, _) => wanted == given,
        (_, true) => wanted == given || (*wanted, *given) == (Int, Bool),
        _ if is_builtin => is_narrower(*given, *wanted),
        _ => is_narrower(as_argument(path, *given, *wanted), *wanted),
    };
    // `min` and `max` take any number of them.
    let any_number = of_one_type && arguments.len() > 2;
    FUNCTIONS.iter().find(|function| {
        let parameters = function.parameters;
        let number = parameters.len() == arguments.len() || any_number && parameters.len() == 2;
        let wanted = parameters.iter().cycle();
        function.path == path && number && !arguments.is_empty() && wanted.zip(arguments).all(fits)
    })
}

/// A scalar of NumPy as the number that a function of a module takes it for. What has to be an integer has to be one of
/// Python's, and rounding is a method, which not every scalar has.
fn as_argument(path: &str, given: Kind, wanted: Kind) -> Kind {
    let rounds = matches!(path, "math.floor" | "math.ceil" | "math.trunc");
    match given.element() {
        Some(Element::F64) if wanted == Float => Float,
        Some(element) if wanted == Float && !rounds && element != Element::Bool => given.number(),
        _ => given,
    }
}

/// Whether a number can be given where a wider one is wanted.
fn is_narrower(given: Kind, wanted: Kind) -> bool {
    let rank = |kind| match kind {
        Bool => Some(0),
        Int => Some(1),
        Float => Some(2),
        Complex => Some(3),
        _ => None,
    };
    rank(given)
        .zip(rank(wanted))
        .is_some_and(|(given, wanted)| given <= wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_by_name_and_kinds() {
        let result = |path, kinds: &[Kind]| find(path, kinds).map(|function| function.result);
        assert_eq!(result("math.sin", &[Int]), Some(Float));
        assert_eq!(result("math.floor", &[Bool]), Some(Int));
        assert_eq!(result("math.sin", &[Complex]), None);
        assert_eq!(result("builtins.abs", &[Complex]), Some(Float));
        assert_eq!(result("builtins.abs", &[Bool]), Some(Int));
        assert_eq!(result("builtins.min", &[Int, Float]), None);
        assert_eq!(result("builtins.min", &[Bool, Bool]), None);
        assert_eq!(result("math.log", &[Float, Int]), Some(Float));
        assert_eq!(result("math.nothing", &[Float]), None);
        assert_eq!(result("builtins.max", &[Int; 5]), Some(Int));
        assert_eq!(result("builtins.max", &[Int, Int, Float]), None);
        assert_eq!(result("math.pow", &[Float; 3]), None);
        let scalar = Kind::Scalar(Element::F64);
        assert_eq!(result("math.log", &[scalar]), Some(Float));
        assert_eq!(result("builtins.abs", &[scalar]), None);
        assert_eq!(result("math.floor", &[Kind::Scalar(Element::F32)]), None);
        assert_eq!(result("math.isqrt", &[Kind::Scalar(Element::I64)]), None);
    }
}

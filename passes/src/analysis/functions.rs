//! Functions of `math`, `cmath` and the builtins that compute natively on numbers. Those of NumPy are in [`ufuncs`].

use super::{fact::Kind, ufuncs};
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
    /// The loop of NumPy's function of that name, over one scalar.
    Loop(&'static str),
    /// Machine instructions.
    Inline,
}

/// A function on numbers.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    /// Its full name.
    pub path: &'static str,
    /// What it takes; narrower numbers are converted.
    pub parameters: &'static [Kind],
    /// Whether it takes any number of arguments, each as the one parameter.
    pub repeats: bool,
    /// What it yields.
    pub result: Kind,
    /// What the items of a tuple are that it yields.
    pub parts: &'static [Kind],
    /// How it is computed.
    pub body: Body,
}

use Body::{Inline, Interpreted, Library, LibraryOfPositive, Runtime};
use Element::F64;
use Kind::{Bool, Complex, Float, Int, Scalar, Tuple};

/// A row whose function takes as many arguments as it has parameters.
pub(super) const fn row(
    path: &'static str,
    parameters: &'static [Kind],
    result: Kind,
    body: Body,
) -> Function {
    Function {
        path,
        parameters,
        repeats: false,
        result,
        parts: &[],
        body,
    }
}

const fn of_any_number(path: &'static str, parameters: &'static [Kind], result: Kind) -> Function {
    Function {
        repeats: true,
        ..row(path, parameters, result, Interpreted)
    }
}

const fn pair(
    path: &'static str,
    parameters: &'static [Kind],
    parts: &'static [Kind],
    body: Body,
) -> Function {
    Function {
        parts,
        ..row(path, parameters, Tuple, body)
    }
}

const F: &[Kind] = &[Float];
const FF: &[Kind] = &[Float, Float];
const FI: &[Kind] = &[Float, Int];
const I: &[Kind] = &[Int];
const II: &[Kind] = &[Int, Int];
const B: &[Kind] = &[Bool, Bool];
const C: &[Kind] = &[Complex];
const D: &[Kind] = &[Scalar(F64)];

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
    row("math.nextafter", &[Float, Float, Int], Float, Interpreted),
    of_any_number("math.hypot", F, Float),
    row("math.fma", &[Float, Float, Float], Float, Interpreted),
    row("math.ldexp", FI, Float, Interpreted),
    pair("math.frexp", F, FI, Interpreted),
    pair("math.modf", F, FF, Interpreted),
    row("math.isclose", &[Float; 4], Bool, Runtime("sw_isclose")),
    row("math.gcd", II, Int, Runtime("sw_gcd")),
    of_any_number("math.gcd", I, Int),
    row("math.isqrt", I, Int, Runtime("sw_isqrt")),
    of_any_number("math.lcm", I, Int),
    row("math.factorial", I, Int, Interpreted),
    row("math.comb", II, Int, Interpreted),
    row("math.perm", I, Int, Interpreted),
    row("math.perm", II, Int, Interpreted),
    row("cmath.sqrt", C, Complex, Interpreted),
    row("cmath.exp", C, Complex, Interpreted),
    row("cmath.log", C, Complex, Interpreted),
    row("cmath.log", &[Complex, Complex], Complex, Interpreted),
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
    pair("cmath.polar", C, FF, Interpreted),
    row("cmath.rect", FF, Complex, Interpreted),
    row(
        "cmath.isclose",
        &[Complex, Complex, Float, Float],
        Bool,
        Interpreted,
    ),
    row("cmath.isnan", C, Bool, Interpreted),
    row("cmath.isinf", C, Bool, Interpreted),
    row("cmath.isfinite", C, Bool, Interpreted),
    row("builtins.abs", I, Int, Inline),
    row("builtins.abs", F, Float, Inline),
    row("builtins.abs", C, Float, Inline),
    row("builtins.abs", D, Scalar(F64), Inline),
    row("builtins.min", B, Bool, Inline),
    row("builtins.min", II, Int, Inline),
    row("builtins.min", FF, Float, Inline),
    row("builtins.max", B, Bool, Inline),
    row("builtins.max", II, Int, Inline),
    row("builtins.max", FF, Float, Inline),
    row("builtins.round", I, Int, Inline),
    row("builtins.round", F, Int, Inline),
    row("builtins.round", FI, Float, Interpreted),
    row("builtins.round", II, Int, Interpreted),
    row("builtins.pow", II, Int, Inline),
    row("builtins.pow", FF, Float, Inline),
    row("builtins.pow", &[Int, Int, Int], Int, Runtime("sw_pow_mod")),
    pair("builtins.divmod", II, II, Inline),
    pair("builtins.divmod", FF, FF, Inline),
];

macro_rules! extremes {
    ($($element:ident)*) => {
        &[$(
            row("builtins.min", &[Scalar(Element::$element); 2], Scalar(Element::$element), Inline),
            row("builtins.max", &[Scalar(Element::$element); 2], Scalar(Element::$element), Inline),
        )*]
    };
}

/// `min` and `max` of scalars of NumPy that are all of one type.
const EXTREMES: &[Function] = extremes!(I8 I16 I32 I64 U8 U16 U32 F32 F64);

/// Functions that take tuples of numbers, whose result depends on the items (see [`super::tuples`]).
const ON_TUPLES: [&str; 10] = [
    "builtins.all",
    "builtins.any",
    "builtins.len",
    "builtins.max",
    "builtins.min",
    "builtins.sum",
    "math.dist",
    "math.fsum",
    "math.prod",
    "math.sumprod",
];

/// How arguments can be given.
struct Signature {
    path: &'static str,
    /// The names of all parameters.
    names: &'static [&'static str],
    /// How many of the last ones can be given by keyword alone.
    by_keyword: usize,
    /// The values of the last ones when they are not given.
    defaults: &'static [f64],
}

/// Those of the functions that take keywords.
const SIGNATURES: [Signature; 6] = [
    Signature {
        path: "math.isclose",
        names: &["a", "b", "rel_tol", "abs_tol"],
        by_keyword: 2,
        defaults: &[1e-9, 0.0],
    },
    Signature {
        path: "cmath.isclose",
        names: &["a", "b", "rel_tol", "abs_tol"],
        by_keyword: 2,
        defaults: &[1e-9, 0.0],
    },
    Signature {
        path: "math.nextafter",
        names: &["", "", "steps"],
        by_keyword: 1,
        defaults: &[],
    },
    Signature {
        path: "builtins.pow",
        names: &["base", "exp", "mod"],
        by_keyword: 0,
        defaults: &[],
    },
    Signature {
        path: "builtins.round",
        names: &["number", "ndigits"],
        by_keyword: 0,
        defaults: &[],
    },
    Signature {
        path: "builtins.complex",
        names: &["real", "imag"],
        by_keyword: 0,
        defaults: &[0.0, 0.0],
    },
];

/// Where the argument for a parameter comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Argument {
    /// It is the one at that place of the call.
    Given(usize),
    /// It is not given, and has that value.
    Default(f64),
}

/// The arguments for the parameters of a function, in their order, for a call with so many positional arguments and
/// those `keywords` behind them. `None` for a call that the function does not take.
pub fn arrange(path: &str, positional: usize, keywords: &[&str]) -> Option<Vec<Argument>> {
    let Some(signature) = SIGNATURES.iter().find(|row| row.path == path) else {
        return keywords
            .is_empty()
            .then(|| (0..positional).map(Argument::Given).collect());
    };
    let count = signature.names.len();
    if positional > count - signature.by_keyword {
        return None;
    }
    let mut places: Vec<_> = (0..count)
        .map(|place| (place < positional).then_some(Argument::Given(place)))
        .collect();
    for (index, keyword) in keywords.iter().enumerate() {
        let place = signature.names.iter().position(|name| name == keyword)?;
        let given = Argument::Given(positional + index);
        if keyword.is_empty() || places[place].replace(given).is_some() {
            return None;
        }
    }
    let first_default = count - signature.defaults.len();
    for (place, value) in (first_default..).zip(signature.defaults) {
        places[place].get_or_insert(Argument::Default(*value));
    }
    // What is left out is at the end.
    let given = places.iter().take_while(|place| place.is_some()).count();
    let rest_is_open = places[given..].iter().all(Option::is_none);
    rest_is_open.then(|| places.into_iter().flatten().collect())
}

/// A number that a module has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Constant {
    /// A float.
    Float(f64),
    /// A complex number with that real and that imaginary part.
    Complex(f64, f64),
}

/// Constants of modules.
const CONSTANTS: [(&str, Constant); 16] = [
    ("math.pi", Constant::Float(std::f64::consts::PI)),
    ("math.e", Constant::Float(std::f64::consts::E)),
    ("math.tau", Constant::Float(std::f64::consts::TAU)),
    ("math.inf", Constant::Float(f64::INFINITY)),
    ("math.nan", Constant::Float(f64::NAN)),
    ("numpy.pi", Constant::Float(std::f64::consts::PI)),
    ("numpy.e", Constant::Float(std::f64::consts::E)),
    ("numpy.inf", Constant::Float(f64::INFINITY)),
    ("numpy.nan", Constant::Float(f64::NAN)),
    ("cmath.pi", Constant::Float(std::f64::consts::PI)),
    ("cmath.e", Constant::Float(std::f64::consts::E)),
    ("cmath.tau", Constant::Float(std::f64::consts::TAU)),
    ("cmath.inf", Constant::Float(f64::INFINITY)),
    ("cmath.nan", Constant::Float(f64::NAN)),
    ("cmath.infj", Constant::Complex(0.0, f64::INFINITY)),
    ("cmath.nanj", Constant::Complex(0.0, f64::NAN)),
];

/// Whether a function of that name computes natively on some arguments.
pub fn is_known(path: &str) -> bool {
    is_on_tuples(path)
        || ufuncs::is_known(path)
        || FUNCTIONS.iter().any(|function| function.path == path)
}

/// Whether a function of that name takes tuples of numbers.
pub fn is_on_tuples(path: &str) -> bool {
    ON_TUPLES.contains(&path)
}

/// The value of a constant of a module.
pub fn constant(path: &str) -> Option<Constant> {
    let (_, value) = CONSTANTS.iter().find(|(known, _)| *known == path)?;
    Some(*value)
}

/// The names by which CPython's own function takes its last arguments, when it is called with so many.
pub fn keywords(path: &str, arguments: usize) -> &'static [&'static str] {
    let signature = SIGNATURES.iter().find(|row| row.path == path);
    signature.map_or(&[], |row| {
        let first = row.names.len() - row.by_keyword;
        &row.names[first..arguments.clamp(first, row.names.len())]
    })
}

/// The row for arguments of these kinds, in the order of the parameters. Some functions yield a result of an argument's
/// type, or an argument itself: those are not converted. The others take a scalar of NumPy as the number that it is.
pub fn find(path: &str, arguments: &[Kind]) -> Option<&'static Function> {
    if let Some(function) = ufuncs::find(path, arguments) {
        return Some(function);
    }
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
    FUNCTIONS.iter().chain(EXTREMES).find(|function| {
        let parameters = function.parameters;
        let number = parameters.len() == arguments.len()
            || function.repeats
            || any_number && parameters.len() == 2;
        let wanted = parameters.iter().cycle();
        function.path == path && number && wanted.zip(arguments).all(fits)
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
        assert_eq!(result("builtins.min", &[Bool, Bool]), Some(Bool));
        assert_eq!(result("builtins.max", &[Bool, Int]), None);
        assert_eq!(result("math.gcd", &[Int, Bool, Int]), Some(Int));
        assert_eq!(result("math.hypot", &[]), Some(Float));
        assert_eq!(result("math.gcd", &[Float]), None);
        assert_eq!(result("math.log", &[Float, Int]), Some(Float));
        assert_eq!(result("math.nothing", &[Float]), None);
        assert_eq!(result("builtins.max", &[Int; 5]), Some(Int));
        assert_eq!(result("builtins.max", &[Int, Int, Float]), None);
        assert_eq!(result("math.pow", &[Float; 3]), None);
        let scalar = Kind::Scalar(Element::F64);
        assert_eq!(result("math.log", &[scalar]), Some(Float));
        assert_eq!(result("builtins.abs", &[scalar]), Some(scalar));
        assert_eq!(result("math.floor", &[Kind::Scalar(Element::F32)]), None);
        assert_eq!(result("math.isqrt", &[Kind::Scalar(Element::I64)]), None);
    }

    #[test]
    fn keywords_find_their_places() {
        use Argument::{Default, Given};
        let found = |path, positional, keywords: &[&str]| arrange(path, positional, keywords);
        assert_eq!(found("math.sin", 1, &[]), Some(vec![Given(0)]));
        assert_eq!(found("math.sin", 0, &["x"]), None);
        let close = vec![Given(0), Given(1), Default(1e-9), Given(2)];
        assert_eq!(found("math.isclose", 2, &["abs_tol"]), Some(close));
        assert_eq!(found("math.isclose", 3, &[]), None);
        assert_eq!(found("math.isclose", 2, &["a"]), None);
        let power = vec![Given(0), Given(2), Given(1)];
        assert_eq!(found("builtins.pow", 1, &["mod", "exp"]), Some(power));
        assert_eq!(found("builtins.pow", 0, &["exp"]), None);
        assert_eq!(
            found("math.nextafter", 2, &[]),
            Some(vec![Given(0), Given(1)])
        );
        assert_eq!(keywords("math.nextafter", 3), ["steps"]);
        assert_eq!(keywords("math.nextafter", 2).len(), 0);
    }
}

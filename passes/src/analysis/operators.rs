//! Python's rules for the types of operators, on kinds.

use super::{composites, fact::Kind, scalars};

/// The operators of `py.binary` without their in-place forms, with CPython's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOperator {
    /// `+`
    Add,
    /// `&`
    And,
    /// `//`
    FloorDivide,
    /// `<<`
    Lshift,
    /// `@`
    MatrixMultiply,
    /// `*`
    Multiply,
    /// `%`
    Remainder,
    /// `|`
    Or,
    /// `**`
    Power,
    /// `>>`
    Rshift,
    /// `-`
    Subtract,
    /// `/`
    TrueDivide,
    /// `^`
    Xor,
}

use BinaryOperator::*;

/// In the order of their numbers; the in-place forms follow in the same order.
const OPERATORS: [BinaryOperator; 13] = [
    Add,
    And,
    FloorDivide,
    Lshift,
    MatrixMultiply,
    Multiply,
    Remainder,
    Or,
    Power,
    Rshift,
    Subtract,
    TrueDivide,
    Xor,
];

impl BinaryOperator {
    /// The operator with that number. On numbers, the in-place form does the same as the other.
    pub fn from_number(number: i64) -> Option<Self> {
        let index = usize::try_from(number).ok()?;
        (index < 2 * OPERATORS.len()).then(|| OPERATORS[index % OPERATORS.len()])
    }

    /// The operator as it is written.
    pub const fn symbol(self) -> &'static str {
        match self {
            Add => "+",
            And => "&",
            FloorDivide => "//",
            Lshift => "<<",
            MatrixMultiply => "@",
            Multiply => "*",
            Remainder => "%",
            Or => "|",
            Power => "**",
            Rshift => ">>",
            Subtract => "-",
            TrueDivide => "/",
            Xor => "^",
        }
    }
}

/// The kind of `lhs operator rhs`. `negative` tells that `rhs` is a negative constant.
///
/// [`Kind::Object`] when it has no native form, which includes what raises a `TypeError`.
pub fn binary(operator: BinaryOperator, lhs: Kind, rhs: Kind, negative: bool) -> Kind {
    let special = scalars::binary(operator, lhs, rhs);
    if let Some(kind) = special.or_else(|| composites::binary(operator, lhs, rhs)) {
        return kind;
    }
    let Some(widest) = widest(lhs, rhs) else {
        return undecided(lhs, rhs);
    };
    match (operator, widest) {
        (MatrixMultiply, _) => Kind::Object,
        (And | Or | Xor, Kind::Int) if lhs == Kind::Bool && rhs == Kind::Bool => Kind::Bool,
        (And | Or | Xor | Lshift | Rshift, Kind::Int) => Kind::Int,
        (And | Or | Xor | Lshift | Rshift, _) => Kind::Object,
        (FloorDivide | Remainder, Kind::Complex) => Kind::Object,
        (TrueDivide, Kind::Int) => Kind::Float,
        (Power, Kind::Int) if negative => Kind::Float,
        (_, kind) => kind,
    }
}

/// The kind of `-operand` and `~operand`. `~` on a `bool` warns, and is left to objects for that.
pub fn unary(invert: bool, operand: Kind) -> Kind {
    if let Some(kind) = composites::unary(invert, operand) {
        return kind;
    }
    match operand {
        Kind::Scalar(_) | Kind::Either(_) => scalars::unary(invert, operand),
        Kind::Never => Kind::Never,
        Kind::Int => Kind::Int,
        Kind::Bool if !invert => Kind::Int,
        Kind::Float | Kind::Complex if !invert => operand,
        _ => Kind::Object,
    }
}

/// The number of the intrinsic that is `+x`.
pub const POSITIVE: i64 = 5;

/// The kind of `+x`, where it is the number itself.
pub fn positive(operand: Kind) -> Kind {
    match operand {
        Kind::Never | Kind::Int | Kind::Float | Kind::Complex => operand,
        Kind::Bool => Kind::Int,
        _ => Kind::Object,
    }
}

/// The kind of a comparison; `equality` tells `==` and `!=` from the orderings.
///
/// An `int` is compared with a `complex` by objects: it may be one that no `f64` holds.
pub fn compare(equality: bool, lhs: Kind, rhs: Kind) -> Kind {
    let special = scalars::compare(lhs, rhs);
    if let Some(kind) = special.or_else(|| composites::compare(equality, lhs, rhs)) {
        return kind;
    }
    match widest(lhs, rhs) {
        None => undecided(lhs, rhs),
        Some(Kind::Complex) if !equality || lhs.is_integer() || rhs.is_integer() => Kind::Object,
        Some(_) => Kind::Bool,
    }
}

/// The kind in which two numbers meet: `int`, `float` or `complex`.
fn widest(lhs: Kind, rhs: Kind) -> Option<Kind> {
    let rank = |kind| match kind {
        Kind::Bool | Kind::Int => Some(0),
        Kind::Float => Some(1),
        Kind::Complex => Some(2),
        _ => None,
    };
    let rank = rank(lhs)?.max(rank(rhs)?);
    Some([Kind::Int, Kind::Float, Kind::Complex][rank])
}

/// The result for operands that are not both numbers (yet).
fn undecided(lhs: Kind, rhs: Kind) -> Kind {
    let open = |kind: Kind| kind == Kind::Never || kind.is_native();
    if open(lhs) && open(rhs) {
        Kind::Never
    } else {
        Kind::Object
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_meet_as_in_python() {
        assert_eq!(binary(Add, Kind::Bool, Kind::Bool, false), Kind::Int);
        assert_eq!(binary(Or, Kind::Bool, Kind::Bool, false), Kind::Bool);
        assert_eq!(binary(TrueDivide, Kind::Int, Kind::Int, false), Kind::Float);
        assert_eq!(binary(Power, Kind::Int, Kind::Int, true), Kind::Float);
        assert_eq!(
            binary(Remainder, Kind::Complex, Kind::Int, false),
            Kind::Object
        );
        assert_eq!(binary(Lshift, Kind::Float, Kind::Int, false), Kind::Object);
        assert_eq!(unary(true, Kind::Bool), Kind::Object);
        assert_eq!(compare(false, Kind::Complex, Kind::Complex), Kind::Object);
    }

    #[test]
    fn what_is_not_known_yet_stays_open() {
        assert_eq!(binary(Add, Kind::Never, Kind::Int, false), Kind::Never);
        assert_eq!(binary(Add, Kind::Never, Kind::Str, false), Kind::Object);
        assert_eq!(compare(true, Kind::Float, Kind::Never), Kind::Never);
    }

    #[test]
    fn in_place_forms_have_the_same_operator() {
        assert_eq!(BinaryOperator::from_number(13), Some(Add));
        assert_eq!(BinaryOperator::from_number(25), Some(Xor));
        assert_eq!(BinaryOperator::from_number(26), None);
    }
}

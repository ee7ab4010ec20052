//! NumPy's rules for the types of operators on its scalars (NEP 50).
//!
//! A number of Python is weak: it takes the type of the scalar that it meets, if that is of its kind. Where one of two
//! things may come out, the result is an object.

use super::{
    fact::Kind,
    operators::BinaryOperator::{self, *},
};
use stepwell_abi::Element::{self, *};

/// What a number is to an operator.
#[derive(Clone, Copy, PartialEq)]
enum Number {
    /// Of Python.
    Weak(Kind),
    /// Of NumPy.
    Strong(Element),
}

/// What a value can be, one after the other; none for what is no number that meets scalars.
fn numbers(kind: Kind) -> Vec<Number> {
    match kind {
        Kind::Scalar(element) => vec![Number::Strong(element)],
        Kind::Either(element) => vec![Number::Weak(kind.number()), Number::Strong(element)],
        Kind::Int | Kind::Float | Kind::Bool => vec![Number::Weak(kind)],
        _ => Vec::new(),
    }
}

/// The kind of `lhs operator rhs` when one of them is, or may be, a scalar of NumPy; `None` when none is.
pub fn binary(operator: BinaryOperator, lhs: Kind, rhs: Kind) -> Option<Kind> {
    lhs.element().or(rhs.element())?;
    Some(both(lhs, rhs, |lhs, rhs| result(operator, lhs, rhs)))
}

/// The kind of a comparison when one of the two is, or may be, a scalar of NumPy; `None` when none is.
pub fn compare(lhs: Kind, rhs: Kind) -> Option<Kind> {
    lhs.element().or(rhs.element())?;
    // A number of Python is rounded before it is compared with a float of 32 bits.
    if [lhs, rhs].contains(&Kind::Either(F32)) {
        return Some(Kind::Object);
    }
    Some(both(lhs, rhs, |lhs, rhs| match (lhs, rhs) {
        (Number::Weak(_), Number::Weak(_)) => Some(Kind::Bool),
        _ => Some(Kind::Scalar(Bool)),
    }))
}

/// The kind of `-operand` and `~operand`.
pub fn unary(invert: bool, operand: Kind) -> Kind {
    match operand.element() {
        Some(element) if element.is_integer() && element.is_signed() => operand,
        Some(element) if element.is_float() && !invert => operand,
        _ => Kind::Object,
    }
}

/// The kind of the result, if it is one that a value can have.
fn both(lhs: Kind, rhs: Kind, rule: impl Fn(Number, Number) -> Option<Kind>) -> Kind {
    if [lhs, rhs].contains(&Kind::Never) {
        return Kind::Never;
    }
    let mut found = Kind::Never;
    for one in numbers(lhs) {
        for other in numbers(rhs) {
            found = match rule(one, other) {
                Some(kind) => found.meet(kind),
                None => Kind::Object,
            };
            if found == Kind::Object {
                return found;
            }
        }
    }
    match found {
        // The float of Python is not rounded, so that the two are not held alike.
        Kind::Never | Kind::Either(F32) => Kind::Object,
        kind => kind,
    }
}

fn result(operator: BinaryOperator, lhs: Number, rhs: Number) -> Option<Kind> {
    let element = match (lhs, rhs) {
        (Number::Weak(lhs), Number::Weak(rhs)) => return weak(operator, lhs, rhs),
        (Number::Strong(lhs), Number::Strong(rhs)) => promote(lhs, rhs)?,
        (Number::Strong(strong), Number::Weak(weak))
        | (Number::Weak(weak), Number::Strong(strong)) => strengthen(strong, weak)?,
    };
    let result = match operator {
        And | Or | Xor if !element.is_float() => element,
        Add | Subtract | Multiply if element != Bool => element,
        TrueDivide if element.is_float() => element,
        Power if element == F64 => element,
        TrueDivide if element.is_integer() => F64,
        FloorDivide | Remainder | Lshift | Rshift if element == I64 => element,
        _ => return None,
    };
    Some(Kind::Scalar(result))
}

/// What comes out when neither is a scalar after all; of the same numbers as if one were.
fn weak(operator: BinaryOperator, lhs: Kind, rhs: Kind) -> Option<Kind> {
    let kind = super::operators::binary(operator, lhs, rhs, false);
    kind.is_native().then_some(kind)
}

/// The element that a number of Python becomes when it meets a scalar.
fn strengthen(element: Element, weak: Kind) -> Option<Element> {
    match weak {
        Kind::Bool => Some(element),
        Kind::Int if element == Bool => Some(I64),
        Kind::Int => Some(element),
        Kind::Float if element.is_float() => Some(element),
        Kind::Float => Some(F64),
        _ => None,
    }
}

/// The element in which two scalars meet.
fn promote(lhs: Element, rhs: Element) -> Option<Element> {
    if lhs == rhs {
        return Some(lhs);
    }
    let holds = |wide: Element, narrow: Element| match (wide.limits(), narrow.limits()) {
        (_, Some(_)) if narrow == Bool => true,
        (Some(wide), Some(narrow)) => wide.0 <= narrow.0 && narrow.1 <= wide.1,
        (None, Some(_)) => wide == F64 || narrow.size() < F32.size(),
        (None, None) => wide == F64 || wide == narrow,
        (Some(_), None) => false,
    };
    // From the smallest on, integers first.
    let order = [Bool, U8, I8, U16, I16, U32, I32, I64, F32, F64];
    order
        .into_iter()
        .find(|wide| holds(*wide, lhs) && holds(*wide, rhs))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_meet_as_in_numpy() {
        assert_eq!(promote(I8, U8), Some(I16));
        assert_eq!(promote(U32, I32), Some(I64));
        assert_eq!(promote(F32, I16), Some(F32));
        assert_eq!(promote(F32, I32), Some(F64));
        assert_eq!(promote(Bool, U16), Some(U16));
    }

    #[test]
    fn numbers_of_python_are_weak() {
        let add = |lhs, rhs| binary(Add, lhs, rhs);
        assert_eq!(add(Kind::Int, Kind::Float), None);
        assert_eq!(add(Kind::Float, Kind::Scalar(F32)), Some(Kind::Scalar(F32)));
        assert_eq!(add(Kind::Float, Kind::Scalar(I8)), Some(Kind::Scalar(F64)));
        assert_eq!(add(Kind::Int, Kind::Scalar(Bool)), Some(Kind::Scalar(I64)));
        assert_eq!(add(Kind::Complex, Kind::Scalar(F64)), Some(Kind::Object));
    }

    #[test]
    fn what_may_be_either_stays_so_unless_it_meets_a_scalar() {
        let either = Kind::Either(F64);
        let add = |lhs, rhs| binary(Add, lhs, rhs);
        assert_eq!(add(either, Kind::Scalar(F64)), Some(Kind::Scalar(F64)));
        assert_eq!(add(either, Kind::Float), Some(either));
        assert_eq!(add(either, either), Some(either));
        assert_eq!(add(either, Kind::Scalar(F32)), Some(Kind::Object));
        assert_eq!(compare(either, Kind::Int), Some(Kind::Either(Bool)));
        let single = Kind::Either(F32);
        assert_eq!(compare(single, Kind::Float), Some(Kind::Object));
    }
}

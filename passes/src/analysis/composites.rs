//! Rules for the types of operators and functions on natives that are no numbers of Python's: vectors, pointers, and
//! floats that may be None.
//!
//! [`Kind::Object`] is what has no native form, and so is refused in the modes that have these kinds.

use super::{
    fact::Kind::{self, *},
    functions,
    operators::BinaryOperator,
};

impl Kind {
    /// Whether it is one of the kinds that this module has the rules for.
    pub const fn is_composite(self) -> bool {
        self.is_lanes() || matches!(self, Optional | Pointer)
    }

    /// The number of lanes of a vector; 0 for anything else.
    pub const fn lanes(self) -> i64 {
        match self {
            Vec4f | Mask4 => 4,
            Vec8i | Mask8 => 8,
            _ => 0,
        }
    }

    /// What a lane is.
    const fn lane(self) -> Self {
        match self {
            Vec4f => Float,
            Vec8i => Int,
            Mask4 | Mask8 => Bool,
            _ => Object,
        }
    }

    /// What comparing vectors yields.
    const fn mask(self) -> Self {
        match self {
            Vec4f => Mask4,
            _ => Mask8,
        }
    }
}

/// The kind of `lhs operator rhs` when one of the two is such a kind; `None` when none is.
pub fn binary(operator: BinaryOperator, lhs: Kind, rhs: Kind) -> Option<Kind> {
    use BinaryOperator::*;
    let kind = meeting(lhs, rhs)?;
    Some(match (kind, operator) {
        (Never, _) => Never,
        (Optional, Add | Subtract | Multiply | TrueDivide | FloorDivide | Remainder | Power) => {
            Optional
        }
        (Pointer, Add | Subtract) if lhs == Pointer => Pointer,
        (Pointer, Add) => Pointer,
        (Vec4f, Add | Subtract | Multiply | TrueDivide) => Vec4f,
        (Vec8i, Add | Subtract | Multiply | FloorDivide | Remainder) => Vec8i,
        (Vec8i, And | Or | Xor | Lshift | Rshift) => Vec8i,
        (Mask4 | Mask8, And | Or | Xor) if lhs == rhs => kind,
        _ => Object,
    })
}

/// The kind of a comparison when one of the two is such a kind; `None` when none is.
pub fn compare(equality: bool, lhs: Kind, rhs: Kind) -> Option<Kind> {
    Some(match meeting(lhs, rhs)? {
        Never => Never,
        Optional if equality || lhs != None && rhs != None => Bool,
        kind @ (Vec4f | Vec8i) => kind.mask(),
        _ => Object,
    })
}

/// The kind of `-operand` and `~operand`; `None` for another kind.
pub fn unary(invert: bool, operand: Kind) -> Option<Kind> {
    operand.is_composite().then_some(match (operand, invert) {
        (Optional | Vec4f, false) | (Vec8i, _) | (Mask4 | Mask8, true) => operand,
        _ => Object,
    })
}

/// The kind of `base[index]`; `None` for another kind.
pub fn subscript(base: Kind, index: Kind) -> Option<Kind> {
    let element = match base {
        Pointer => Float,
        _ if base.is_lanes() => base.lane(),
        _ => return Option::None,
    };
    Some(match index {
        Never => Never,
        Int | Bool => element,
        _ => Object,
    })
}

/// The kind of what a function yields when an argument is such a kind; `None` when none is.
pub fn call(path: &str, arguments: &[Kind]) -> Option<Kind> {
    if !arguments.iter().any(|kind| kind.is_composite()) {
        return Option::None;
    }
    Some(match (path, arguments) {
        ("builtins.len", [kind]) if kind.is_lanes() || *kind == Pointer => Int,
        ("builtins.abs", [kind @ (Vec4f | Vec8i | Optional)]) => *kind,
        ("builtins.sum" | "builtins.min" | "builtins.max", [kind @ (Vec4f | Vec8i)]) => kind.lane(),
        ("builtins.min" | "builtins.max", [one @ (Vec4f | Vec8i), two]) if one == two => *one,
        ("builtins.any" | "builtins.all", [Mask4 | Mask8]) => Bool,
        _ => {
            let present: Vec<_> = arguments.iter().map(|kind| present(*kind)).collect();
            functions::find(path, &present).map_or(Object, |function| function.result)
        }
    })
}

/// What a value is where None is an error.
pub fn present(kind: Kind) -> Kind {
    match kind {
        Optional => Float,
        kind => kind,
    }
}

/// The kind that decides about two operands.
fn meeting(lhs: Kind, rhs: Kind) -> Option<Kind> {
    let (composite, other) = match (lhs.is_composite(), rhs.is_composite()) {
        (true, _) => (lhs, rhs),
        (_, true) => (rhs, lhs),
        _ => return Option::None,
    };
    let meets = match composite {
        Optional => matches!(other, Optional | Float | Int | Bool | None),
        Pointer => matches!(other, Int | Bool),
        Vec4f => matches!(other, Vec4f | Float | Int | Bool),
        Vec8i => matches!(other, Vec8i | Int | Bool),
        _ => other == composite,
    };
    Some(match other {
        Never => Never,
        _ if meets => composite,
        _ => Object,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use BinaryOperator::*;

    #[test]
    fn numbers_are_spread_over_lanes() {
        assert_eq!(binary(Add, Vec4f, Int), Some(Vec4f));
        assert_eq!(binary(Add, Float, Vec8i), Some(Object));
        assert_eq!(binary(TrueDivide, Vec8i, Vec8i), Some(Object));
        assert_eq!(compare(false, Vec8i, Int), Some(Mask8));
        assert_eq!(binary(Or, Mask4, Mask4), Some(Mask4));
        assert_eq!(binary(Add, Int, Int), Option::None);
    }

    #[test]
    fn none_flows_through_arithmetic_and_has_no_order() {
        assert_eq!(binary(Power, Optional, None), Some(Optional));
        assert_eq!(compare(true, Optional, None), Some(Bool));
        assert_eq!(compare(false, Optional, None), Some(Object));
        assert_eq!(call("math.sqrt", &[Optional]), Some(Float));
    }

    #[test]
    fn a_pointer_is_moved_by_integers() {
        assert_eq!(binary(Add, Int, Pointer), Some(Pointer));
        assert_eq!(binary(Subtract, Int, Pointer), Some(Object));
        assert_eq!(subscript(Pointer, Bool), Some(Float));
        assert_eq!(subscript(Pointer, Float), Some(Object));
    }
}

//! Takes the remainder of a product that needs more than 64 bits without leaving.
//!
//! ```mlir
//! // before: x = (a * x + c) % m
//!   %0 = num.mul %a, %x at %s1
//!   %1 = num.add %0, %c at %s2
//!   %2 = num.mod %1, %m at %s3
//! // after
//!   %2 = num.mulmod %a, %x plus %c by %m at %s1
//! ```
//!
//! What the interpreter would go on with, if the divisor is zero, are the operands in front of the product: nothing in
//! between is seen by anybody.
//!
//! *Requires*: level `typed`. *Ensures*: nothing. *Leaves alone*: products that are used elsewhere, also in the frame state of
//! an op that stays, those with anything but arithmetic between them and the remainder, and those of which it is known that 64
//! bits are enough.

use crate::{
    Pass, PassError, PassOutcome,
    analysis::{
        hidden::{is_exact, is_hidden, is_power_of_two},
        intervals::Intervals,
    },
    cfg::{Cfg, block_key, erase, name_of, operand_of},
    function::{Function, for_each_function},
    inspect::{defined_by, op_key, result},
};
use melior::{
    Context,
    ir::{Module, OperationRef, Value, operation::OperationLike},
};
use stepwell_dialects::ir::{operations, replace_uses, uses};

/// See the [module](self).
#[derive(Debug)]
pub struct WidenProducts;

impl Pass for WidenProducts {
    fn name(&self) -> &str {
        "widen-products"
    }

    fn description(&self) -> &str {
        "Take the remainder of a product that needs more than 64 bits without leaving."
    }

    fn run<'c>(&self, context: &'c Context, module: &Module<'c>) -> Result<PassOutcome, PassError> {
        for_each_function("widen-products", context, module, |function| {
            let cfg = Cfg::new(function.region);
            let all = cfg.blocks.iter().flat_map(|block| operations(*block));
            let mut found: Vec<_> = all.filter_map(Remainder::of).collect();
            if !found.is_empty() {
                let intervals = Intervals::new(&function.types, &cfg);
                found.retain(|remainder| !remainder.is_short(&intervals));
            }
            for remainder in &found {
                remainder.widen(function);
            }
            Ok(PassOutcome::from(!found.is_empty()))
        })
    }
}

/// The remainder of a product, or of a product and what is added to it.
struct Remainder<'c, 'a> {
    op: OperationRef<'c, 'a>,
    sum: Option<OperationRef<'c, 'a>>,
    product: OperationRef<'c, 'a>,
    addend: Option<Value<'c, 'a>>,
}

impl<'c, 'a> Remainder<'c, 'a> {
    fn of(op: OperationRef<'c, 'a>) -> Option<Self> {
        if name_of(op) != "num.mod" || !is_exact(op) || is_power_of_two(operand_of(op, 1)?) {
            return None;
        }
        let dividend = operand_of(op, 0)?;
        let found = match defined_by(dividend, "num.mul") {
            Some(product) => Self {
                op,
                sum: None,
                product,
                addend: None,
            },
            None => {
                let sum = defined_by(dividend, "num.add").filter(|sum| is_exact(*sum))?;
                let (one, other) = (operand_of(sum, 0)?, operand_of(sum, 1)?);
                let product = |value| defined_by(value, "num.mul");
                let (product, addend) = match (product(one), product(other)) {
                    (Some(product), _) => (product, other),
                    (None, product) => (product?, one),
                };
                Self {
                    op,
                    sum: Some(sum),
                    product,
                    addend: Some(addend),
                }
            }
        };
        found.is_alone().then_some(found)
    }

    /// Whether nobody else looks at the product and the sum, and nothing happens before the remainder is taken.
    fn is_alone(&self) -> bool {
        let parts: Vec<_> = [Some(self.op), self.sum, Some(self.product)]
            .into_iter()
            .flatten()
            .collect();
        let is_part = |op: OperationRef| parts.iter().any(|part| op_key(*part) == op_key(op));
        let is_hidden = |part: &OperationRef<'c, 'a>| {
            result(*part, 0).is_some_and(|value| is_hidden(value, is_part))
        };
        is_exact(self.product) && parts[1..].iter().all(is_hidden) && self.is_quiet_between()
    }

    /// Whether what is between the product and the remainder, in one block, does nothing that cannot be done again.
    fn is_quiet_between(&self) -> bool {
        let blocks = (self.op.block(), self.product.block());
        let (Some(block), Some(first)) = blocks else {
            return false;
        };
        if block_key(block) != block_key(first) {
            return false;
        }
        let ops = operations(block).into_iter();
        let mut between = ops
            .skip_while(|op| op_key(*op) != op_key(self.product))
            .take_while(|op| op_key(*op) != op_key(self.op));
        between.all(|op| {
            let name = name_of(op);
            let is_pure = matches!(
                name,
                "py.frame_state" | "py.constant" | "py.box" | "py.known" | "py.null"
            );
            is_pure || name.starts_with("arith.") || AGAIN.contains(&name)
        })
    }

    /// Whether 64 bits are known to be enough.
    fn is_short(&self, intervals: &Intervals) -> bool {
        let fits = |op: OperationRef<'c, 'a>, what| {
            let sides = (operand_of(op, 0), operand_of(op, 1));
            matches!(sides, (Some(lhs), Some(rhs)) if intervals.fits(what, lhs, rhs))
        };
        fits(self.product, "mul") && self.sum.is_none_or(|sum| fits(sum, "add"))
    }

    fn widen(&self, function: &Function<'c, 'a>) -> Option<()> {
        let cursor = function.before(self.op);
        let i64 = function.types.i64;
        let addend = self.addend.unwrap_or_else(|| {
            cursor.value("arith.constant", &[], i64, &[("value", cursor.i64(0))])
        });
        let operands = [
            operand_of(self.product, 0)?,
            operand_of(self.product, 1)?,
            addend,
            operand_of(self.op, 1)?,
            operand_of(self.product, 2)?,
        ];
        let new = cursor.value("num.mulmod", &operands, i64, &[]);
        replace_uses(result(self.op, 0)?, new);
        erase(self.op);
        for part in [self.sum, Some(self.product)].into_iter().flatten() {
            // Frame states that nobody needs any more.
            while let Some((state, _)) = uses(result(part, 0)?).first() {
                erase(*state);
            }
            erase(part);
        }
        Some(())
    }
}

/// Arithmetic that leaves in front of itself.
const AGAIN: [&str; 10] = [
    "num.add",
    "num.sub",
    "num.mul",
    "num.neg",
    "num.abs",
    "num.mod",
    "num.floordiv",
    "num.shl",
    "num.shr",
    "num.index",
];

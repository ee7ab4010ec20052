//! Making ops in front of another.

use melior::{
    Context,
    dialect::arith,
    ir::{
        Attribute, BlockLike, Identifier, Location, OperationRef, Type, Value,
        attribute::{FloatAttribute, IntegerAttribute},
        operation::{OperationBuilder, OperationLike},
    },
};
use mlir_sys::mlirOperationDestroy;
use stepwell_dialects::ir::Types;

pub use melior::dialect::arith::{CmpfPredicate, CmpiPredicate};

/// Makes ops in front of an op, with its location.
#[derive(Clone, Copy)]
pub struct Builder<'c, 'a> {
    context: &'c Context,
    types: Types<'c>,
    before: OperationRef<'c, 'a>,
    location: Location<'c>,
}

impl<'c, 'a> Builder<'c, 'a> {
    /// New ops go in front of `before`, which is in a block.
    pub fn new(context: &'c Context, types: Types<'c>, before: OperationRef<'c, 'a>) -> Self {
        let location = before.location();
        Self {
            context,
            types,
            before,
            location,
        }
    }

    /// The context of the module.
    pub fn context(&self) -> &'c Context {
        self.context
    }

    /// The types that are looked up once.
    pub fn types(&self) -> &Types<'c> {
        &self.types
    }

    /// The source location of new ops.
    pub fn location(&self) -> Location<'c> {
        self.location
    }

    /// An op of that name.
    ///
    /// # Panics
    ///
    /// When the op to build in front of is in no block.
    pub fn op(
        &self,
        name: &str,
        operands: &[Value<'c, '_>],
        results: &[Type<'c>],
        attributes: &[(&str, Attribute<'c>)],
    ) -> OperationRef<'c, 'a> {
        let attributes: Vec<_> = attributes
            .iter()
            .map(|(name, value)| (Identifier::new(self.context, name), *value))
            .collect();
        let op = OperationBuilder::new(name, self.location)
            .add_operands(operands)
            .add_results(results)
            .add_attributes(&attributes)
            .build()
            .expect("an op whose result types are given can be built");
        let block = self.before.block().expect("ops are made in a block");
        block.insert_operation_before(self.before, op)
    }

    /// The result of an op with one result.
    pub fn value(&self, name: &str, operands: &[Value<'c, '_>], r#type: Type<'c>) -> Value<'c, 'a> {
        first(self.op(name, operands, &[r#type], &[]))
    }

    /// An `i64` constant.
    pub fn int(&self, number: i64) -> Value<'c, 'a> {
        self.constant(IntegerAttribute::new(self.types.i64, number).into())
    }

    /// An `f64` constant.
    pub fn float(&self, number: f64) -> Value<'c, 'a> {
        self.constant(FloatAttribute::new(self.context, self.types.f64, number).into())
    }

    /// An `i1` constant.
    pub fn bool(&self, truth: bool) -> Value<'c, 'a> {
        self.constant(IntegerAttribute::new(self.types.i1, truth.into()).into())
    }

    fn constant(&self, value: Attribute<'c>) -> Value<'c, 'a> {
        self.insert(arith::constant(self.context, value, self.location))
    }

    /// Compares integers.
    pub fn cmpi(
        &self,
        predicate: CmpiPredicate,
        lhs: Value<'c, '_>,
        rhs: Value<'c, '_>,
    ) -> Value<'c, 'a> {
        self.insert(arith::cmpi(
            self.context,
            predicate,
            lhs,
            rhs,
            self.location,
        ))
    }

    /// Compares floats.
    pub fn cmpf(
        &self,
        predicate: CmpfPredicate,
        lhs: Value<'c, '_>,
        rhs: Value<'c, '_>,
    ) -> Value<'c, 'a> {
        self.insert(arith::cmpf(
            self.context,
            predicate,
            lhs,
            rhs,
            self.location,
        ))
    }

    /// `yes` where the condition holds, else `no`.
    pub fn select(
        &self,
        condition: Value<'c, '_>,
        yes: Value<'c, '_>,
        no: Value<'c, '_>,
    ) -> Value<'c, 'a> {
        self.insert(arith::select(condition, yes, no, self.location))
    }

    fn insert(&self, op: melior::ir::Operation<'c>) -> Value<'c, 'a> {
        let block = self.before.block().expect("ops are made in a block");
        first(block.insert_operation_before(self.before, op))
    }
}

/// The only result of an op that has one by construction.
fn first<'c, 'a>(op: OperationRef<'c, 'a>) -> Value<'c, 'a> {
    op.result(0).expect("the op was built with a result").into()
}

/// Removes an op whose results have no uses left.
pub fn erase(op: OperationRef) {
    // SAFETY: the op is alive, and the caller gives it up with its results.
    unsafe { mlirOperationDestroy(op.to_raw()) }
}

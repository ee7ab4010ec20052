//! Making ops that yield one value.

use crate::cursor::{Cursor, result_of};
use melior::{
    Context,
    dialect::arith,
    ir::{
        Attribute, Location, OperationRef, Type, Value,
        attribute::{FloatAttribute, IntegerAttribute},
    },
};
use stepwell_dialects::ir::Types;

pub use crate::cfg::erase;
pub use melior::dialect::arith::{CmpfPredicate, CmpiPredicate};

/// A cursor that makes values.
#[derive(Clone, Copy)]
pub struct Builder<'c, 'a> {
    cursor: Cursor<'c, 'a>,
}

impl<'c, 'a> Builder<'c, 'a> {
    /// New ops go in front of `before`, which is in a block, with its location.
    pub fn new(context: &'c Context, types: Types<'c>, before: OperationRef<'c, 'a>) -> Self {
        Self::at(Cursor::before(context, types, before))
    }

    /// New ops go to the cursor's place.
    pub fn at(cursor: Cursor<'c, 'a>) -> Self {
        Self { cursor }
    }

    /// The context of the module.
    pub fn context(&self) -> &'c Context {
        self.cursor.context
    }

    /// The types that are looked up once.
    pub fn types(&self) -> &Types<'c> {
        &self.cursor.types
    }

    /// The source location of new ops.
    pub fn location(&self) -> Location<'c> {
        self.cursor.location
    }

    /// An op of that name.
    pub fn op(
        &self,
        name: &str,
        operands: &[Value<'c, '_>],
        results: &[Type<'c>],
        attributes: &[(&str, Attribute<'c>)],
    ) -> OperationRef<'c, 'a> {
        self.cursor.op(name, operands, results, attributes)
    }

    /// The result of an op with one result.
    pub fn value(&self, name: &str, operands: &[Value<'c, '_>], r#type: Type<'c>) -> Value<'c, 'a> {
        self.cursor.value(name, operands, r#type, &[])
    }

    /// A part of a record.
    pub fn part(&self, record: Value<'c, '_>, index: i64, r#type: Type<'c>) -> Value<'c, 'a> {
        let index = IntegerAttribute::new(self.cursor.types.i32, index).into();
        self.cursor
            .value("num.part", &[record], r#type, &[("index", index)])
    }

    /// An `i64` constant.
    pub fn int(&self, number: i64) -> Value<'c, 'a> {
        self.constant(IntegerAttribute::new(self.cursor.types.i64, number).into())
    }

    /// An `f64` constant.
    pub fn float(&self, number: f64) -> Value<'c, 'a> {
        self.constant(
            FloatAttribute::new(self.cursor.context, self.cursor.types.f64, number).into(),
        )
    }

    /// An `i1` constant.
    pub fn bool(&self, truth: bool) -> Value<'c, 'a> {
        self.constant(IntegerAttribute::new(self.cursor.types.i1, truth.into()).into())
    }

    fn constant(&self, value: Attribute<'c>) -> Value<'c, 'a> {
        self.insert(arith::constant(
            self.cursor.context,
            value,
            self.cursor.location,
        ))
    }

    /// Compares integers.
    pub fn cmpi(
        &self,
        predicate: CmpiPredicate,
        lhs: Value<'c, '_>,
        rhs: Value<'c, '_>,
    ) -> Value<'c, 'a> {
        self.insert(arith::cmpi(
            self.cursor.context,
            predicate,
            lhs,
            rhs,
            self.cursor.location,
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
            self.cursor.context,
            predicate,
            lhs,
            rhs,
            self.cursor.location,
        ))
    }

    /// `yes` where the condition holds, else `no`.
    pub fn select(
        &self,
        condition: Value<'c, '_>,
        yes: Value<'c, '_>,
        no: Value<'c, '_>,
    ) -> Value<'c, 'a> {
        self.insert(arith::select(condition, yes, no, self.cursor.location))
    }

    fn insert(&self, op: melior::ir::Operation<'c>) -> Value<'c, 'a> {
        result_of(self.cursor.insert(op), 0)
    }
}

//! A place to insert ops at.

use melior::{
    Context,
    ir::{
        Attribute, BlockLike, BlockRef, Identifier, Location, Operation, OperationRef, Type, Value,
        attribute::{
            DenseI32ArrayAttribute, FlatSymbolRefAttribute, IntegerAttribute, StringAttribute,
        },
        operation::{OperationBuilder, OperationLike},
    },
};
use stepwell_dialects::ir::Types;

/// A place in a block, the source location of what is inserted there, and the types that are asked for most.
#[derive(Clone, Copy)]
pub struct Cursor<'c, 'a> {
    /// The context of the module.
    pub context: &'c Context,
    /// The usual types.
    pub types: Types<'c>,
    /// Where the inserted ops come from.
    pub location: Location<'c>,
    block: BlockRef<'c, 'a>,
    before: Option<OperationRef<'c, 'a>>,
}

impl<'c, 'a> Cursor<'c, 'a> {
    /// In front of an op that is in a block, with its location.
    ///
    /// # Panics
    ///
    /// When the op is not in a block.
    pub fn before(context: &'c Context, types: Types<'c>, op: OperationRef<'c, 'a>) -> Self {
        let block = op.block().expect("ops of a function are in blocks");
        Self {
            context,
            types,
            location: op.location(),
            block,
            before: Some(op),
        }
    }

    /// Behind an op that is not a terminator, with its location.
    ///
    /// # Panics
    ///
    /// When the op is not in a block.
    pub fn after(context: &'c Context, types: Types<'c>, op: OperationRef<'c, 'a>) -> Self {
        let block = op.block().expect("ops of a function are in blocks");
        Self {
            context,
            types,
            location: op.location(),
            block,
            before: op.next_in_block(),
        }
    }

    /// In front of the first op of a block, if it has one.
    pub fn at_start(
        context: &'c Context,
        types: Types<'c>,
        block: BlockRef<'c, 'a>,
        location: Location<'c>,
    ) -> Self {
        Self {
            context,
            types,
            location,
            block,
            before: block.first_operation(),
        }
    }

    /// Behind the last op of a block.
    pub fn at_end(
        context: &'c Context,
        types: Types<'c>,
        block: BlockRef<'c, 'a>,
        location: Location<'c>,
    ) -> Self {
        Self {
            context,
            types,
            location,
            block,
            before: None,
        }
    }

    /// The block that ops are inserted into.
    pub fn block(&self) -> BlockRef<'c, 'a> {
        self.block
    }

    /// Inserts a finished op.
    pub fn insert(&self, op: Operation<'c>) -> OperationRef<'c, 'a> {
        match self.before {
            Some(before) => self.block.insert_operation_before(before, op),
            None => self.block.append_operation(op),
        }
    }

    /// Inserts an op given by its name and parts.
    pub fn op(
        &self,
        name: &str,
        operands: &[Value<'c, '_>],
        results: &[Type<'c>],
        attributes: &[(&str, Attribute<'c>)],
    ) -> OperationRef<'c, 'a> {
        self.branch(name, operands, results, attributes, &[])
    }

    /// Inserts an op that yields one value.
    pub fn value(
        &self,
        name: &str,
        operands: &[Value<'c, '_>],
        result: Type<'c>,
        attributes: &[(&str, Attribute<'c>)],
    ) -> Value<'c, 'a> {
        result_of(self.op(name, operands, &[result], attributes), 0)
    }

    /// Inserts an op with successors.
    pub fn branch(
        &self,
        name: &str,
        operands: &[Value<'c, '_>],
        results: &[Type<'c>],
        attributes: &[(&str, Attribute<'c>)],
        successors: &[BlockRef<'c, 'a>],
    ) -> OperationRef<'c, 'a> {
        let attributes: Vec<_> = attributes
            .iter()
            .map(|(name, attribute)| (Identifier::new(self.context, name), *attribute))
            .collect();
        let successors: Vec<_> = successors.iter().map(|block| &**block).collect();
        let op = OperationBuilder::new(name, self.location)
            .add_operands(operands)
            .add_results(results)
            .add_attributes(&attributes)
            .add_successors(&successors)
            .build()
            .expect("an op with explicit result types can always be built");
        self.insert(op)
    }

    /// Inserts a jump.
    pub fn jump(&self, to: BlockRef<'c, 'a>, operands: &[Value<'c, '_>]) -> OperationRef<'c, 'a> {
        self.branch("cf.br", operands, &[], &[], &[to])
    }

    /// Inserts a jump on a condition to one of two blocks without arguments.
    pub fn choose(
        &self,
        condition: Value<'c, '_>,
        yes: BlockRef<'c, 'a>,
        no: BlockRef<'c, 'a>,
        weights: Weights,
    ) -> OperationRef<'c, 'a> {
        self.choose_with(condition, (yes, &[]), (no, &[]), weights)
    }

    /// The same with the arguments of the blocks.
    pub fn choose_with(
        &self,
        condition: Value<'c, '_>,
        yes: (BlockRef<'c, 'a>, &[Value<'c, '_>]),
        no: (BlockRef<'c, 'a>, &[Value<'c, '_>]),
        weights: Weights,
    ) -> OperationRef<'c, 'a> {
        let sizes = [1, yes.1.len() as i32, no.1.len() as i32];
        let segments = DenseI32ArrayAttribute::new(self.context, &sizes).into();
        let weights = weights.attribute(self.context);
        let attributes = [
            ("operandSegmentSizes", segments),
            ("branch_weights", weights),
        ];
        let operands = [&[condition], yes.1, no.1].concat();
        self.branch("cf.cond_br", &operands, &[], &attributes, &[yes.0, no.0])
    }

    /// An `i32` attribute.
    pub fn i32(&self, value: i64) -> Attribute<'c> {
        IntegerAttribute::new(self.types.i32, value).into()
    }

    /// An `i64` attribute.
    pub fn i64(&self, value: i64) -> Attribute<'c> {
        IntegerAttribute::new(self.types.i64, value).into()
    }

    /// A string attribute.
    pub fn string(&self, value: &str) -> Attribute<'c> {
        StringAttribute::new(self.context, value).into()
    }

    /// A reference to a symbol.
    pub fn symbol(&self, name: &str) -> Attribute<'c> {
        FlatSymbolRefAttribute::new(self.context, name).into()
    }

    /// A dense array of `i32`.
    pub fn i32_array(&self, values: &[i32]) -> Attribute<'c> {
        DenseI32ArrayAttribute::new(self.context, values).into()
    }
}

/// How likely the two ways of a branch are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weights {
    /// The first way is rare: a failure, an exit, slow work.
    Cold,
    /// The second way is rare.
    Hot,
    /// Nothing is known.
    Even,
}

impl Weights {
    const RARE: i32 = 1;
    const USUAL: i32 = 2000;

    fn attribute(self, context: &Context) -> Attribute<'_> {
        let weights = match self {
            Self::Cold => [Self::RARE, Self::USUAL],
            Self::Hot => [Self::USUAL, Self::RARE],
            Self::Even => [1, 1],
        };
        DenseI32ArrayAttribute::new(context, &weights).into()
    }
}

/// A result of an op as a value.
///
/// # Panics
///
/// When the op has no such result.
pub fn result_of<'c, 'a>(op: OperationRef<'c, 'a>, index: usize) -> Value<'c, 'a> {
    op.result(index).expect("the op has that result").into()
}

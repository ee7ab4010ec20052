//! Guards, constants and calls of the runtime, in front of the op that is lowered.

use crate::{
    builder::{Builder, CmpiPredicate},
    inspect::{op_name, result, str_attribute},
};
use melior::{
    Context,
    ir::{
        Attribute, BlockLike, BlockRef, Identifier, Location, OperationRef, Region, Type, Value,
        attribute::{
            DenseI64ArrayAttribute, FlatSymbolRefAttribute, IntegerAttribute, StringAttribute,
            TypeAttribute,
        },
        operation::OperationBuilder,
        r#type::{FunctionType, IntegerType},
    },
};
use std::{cell::OnceCell, ops::Deref};
use stepwell_abi as abi;
use stepwell_dialects::ir::{Types, operations};

/// The function that is lowered, and the module around it.
pub(super) struct Site<'c, 'a> {
    pub(super) context: &'c Context,
    pub(super) types: Types<'c>,
    /// The body of the module.
    pub(super) module: BlockRef<'c, 'a>,
    pub(super) entry: BlockRef<'c, 'a>,
    /// Where runtime functions put their results: two doubles, once for each function.
    scratch: OnceCell<Value<'c, 'a>>,
}

/// A [`Builder`] that knows the site.
pub(super) struct Emitter<'s, 'c, 'a> {
    builder: Builder<'c, 'a>,
    pub(super) site: &'s Site<'c, 'a>,
}

impl<'c, 'a> Deref for Emitter<'_, 'c, 'a> {
    type Target = Builder<'c, 'a>;

    fn deref(&self) -> &Self::Target {
        &self.builder
    }
}

impl<'c, 'a> Site<'c, 'a> {
    pub(super) fn new(
        context: &'c Context,
        module: BlockRef<'c, 'a>,
        entry: BlockRef<'c, 'a>,
    ) -> Self {
        let types = Types::new(context);
        Self {
            context,
            types,
            module,
            entry,
            scratch: OnceCell::new(),
        }
    }

    pub(super) fn emitter(&self, before: OperationRef<'c, 'a>) -> Emitter<'_, 'c, 'a> {
        Emitter {
            builder: Builder::new(self.context, self.types, before),
            site: self,
        }
    }

    /// The array for results. It is in the entry block, where it is allocated once for each call.
    fn scratch(&self, here: &Builder<'c, 'a>) -> Value<'c, 'a> {
        *self.scratch.get_or_init(|| {
            let first = self.entry.first_operation();
            let at = first.map_or(*here, |first| Builder::new(self.context, self.types, first));
            let r#type = ("elem_type", TypeAttribute::new(self.types.f64).into());
            let array = at.op("llvm.alloca", &[at.int(2)], &[self.types.ptr], &[r#type]);
            array.result(0).expect("llvm.alloca has a result").into()
        })
    }

    fn declare(&self, row: &abi::Function, location: Location<'c>) {
        let declared = |op: &OperationRef| {
            op_name(*op) == "func.func" && str_attribute(*op, "sym_name") == Some(row.symbol)
        };
        if operations(self.module).iter().any(declared) {
            return;
        }
        let inputs: Vec<_> = row
            .params
            .iter()
            .filter_map(|(_, r#type)| self.machine_type(*r#type))
            .collect();
        let results: Vec<_> = self.machine_type(row.result).into_iter().collect();
        let r#type = FunctionType::new(self.context, &inputs, &results).into();
        let text = |text| Attribute::from(StringAttribute::new(self.context, text));
        let attributes = [
            ("sym_name", text(row.symbol)),
            ("sym_visibility", text("private")),
            ("function_type", TypeAttribute::new(r#type).into()),
        ];
        let named = attributes.map(|(name, value)| (Identifier::new(self.context, name), value));
        let declaration = OperationBuilder::new("func.func", location)
            .add_attributes(&named)
            .add_regions([Region::new()])
            .build()
            .expect("an op whose result types are given can be built");
        self.module.append_operation(declaration);
    }

    fn machine_type(&self, r#type: abi::Type) -> Option<Type<'c>> {
        match r#type {
            abi::Type::Void => None,
            abi::Type::Ptr => Some(self.types.ptr),
            abi::Type::I64 => Some(self.types.i64),
            abi::Type::I32 => Some(self.types.i32),
            abi::Type::F64 => Some(self.types.f64),
        }
    }
}

impl<'c, 'a> Emitter<'_, 'c, 'a> {
    /// Leaves at `state` unless the condition holds.
    pub(super) fn guard(&self, condition: Value<'c, 'a>, state: Value<'c, 'a>, reason: &str) {
        let reason = StringAttribute::new(self.site.context, reason).into();
        self.op("num.guard", &[condition, state], &[], &[("reason", reason)]);
    }

    pub(super) fn not(&self, condition: Value<'c, 'a>) -> Value<'c, 'a> {
        self.value("arith.xori", &[condition, self.bool(true)], self.types().i1)
    }

    pub(super) fn both(&self, lhs: Value<'c, 'a>, rhs: Value<'c, 'a>) -> Value<'c, 'a> {
        self.value("arith.andi", &[lhs, rhs], self.types().i1)
    }

    pub(super) fn either(&self, lhs: Value<'c, 'a>, rhs: Value<'c, 'a>) -> Value<'c, 'a> {
        self.value("arith.ori", &[lhs, rhs], self.types().i1)
    }

    /// An op on two `i64`.
    pub(super) fn i64(&self, name: &str, lhs: Value<'c, 'a>, rhs: Value<'c, 'a>) -> Value<'c, 'a> {
        self.value(name, &[lhs, rhs], self.types().i64)
    }

    /// An op on two `f64`.
    pub(super) fn f64(&self, name: &str, lhs: Value<'c, 'a>, rhs: Value<'c, 'a>) -> Value<'c, 'a> {
        self.value(name, &[lhs, rhs], self.types().f64)
    }

    pub(super) fn is(&self, value: Value<'c, 'a>, number: i64) -> Value<'c, 'a> {
        self.cmpi(CmpiPredicate::Eq, value, self.int(number))
    }

    pub(super) fn is_not(&self, value: Value<'c, 'a>, number: i64) -> Value<'c, 'a> {
        self.cmpi(CmpiPredicate::Ne, value, self.int(number))
    }

    /// A member of a struct.
    pub(super) fn member(
        &self,
        structure: Value<'c, 'a>,
        index: i64,
        r#type: Type<'c>,
    ) -> Value<'c, 'a> {
        let position = DenseI64ArrayAttribute::new(self.site.context, &[index]).into();
        let op = self.op(
            "llvm.extractvalue",
            &[structure],
            &[r#type],
            &[("position", position)],
        );
        result(op, 0).expect("llvm.extractvalue has a result")
    }

    /// Calls a runtime function.
    pub(super) fn call(&self, symbol: &str, arguments: &[Value<'c, 'a>]) -> Value<'c, 'a> {
        let row = abi::function(symbol).expect("the table has what this pass calls");
        self.site.declare(row, self.location());
        let callee = FlatSymbolRefAttribute::new(self.site.context, symbol).into();
        let results: Vec<_> = self.site.machine_type(row.result).into_iter().collect();
        let call = self.op("func.call", arguments, &results, &[("callee", callee)]);
        result(call, 0).expect("the functions that this pass calls have a result")
    }

    /// Calls a runtime function that writes its answer and tells whether there is one; leaves when
    /// there is none.
    pub(super) fn ask(
        &self,
        symbol: &str,
        arguments: &[Value<'c, 'a>],
        state: Value<'c, 'a>,
        reason: &str,
    ) -> Value<'c, 'a> {
        let out = self.site.scratch(&self.builder);
        let answered = self.call(symbol, &[arguments, &[out]].concat());
        let none = IntegerAttribute::new(IntegerType::new(self.site.context, 32).into(), 0).into();
        let none = self.op(
            "arith.constant",
            &[],
            &[self.types().i32],
            &[("value", none)],
        );
        let none = result(none, 0).expect("arith.constant has a result");
        self.guard(self.cmpi(CmpiPredicate::Ne, answered, none), state, reason);
        out
    }

    /// Reads the `index`th answer at `address`.
    pub(super) fn load(
        &self,
        address: Value<'c, 'a>,
        index: i32,
        r#type: Type<'c>,
    ) -> Value<'c, 'a> {
        let place = if index == 0 {
            address
        } else {
            self.element(address, index)
        };
        self.value("llvm.load", &[place], r#type)
    }

    fn element(&self, address: Value<'c, 'a>, index: i32) -> Value<'c, 'a> {
        let indices =
            melior::ir::attribute::DenseI32ArrayAttribute::new(self.site.context, &[index]).into();
        let r#type = TypeAttribute::new(self.types().f64).into();
        let attributes = [("rawConstantIndices", indices), ("elem_type", r#type)];
        let op = self.op(
            "llvm.getelementptr",
            &[address],
            &[self.types().ptr],
            &attributes,
        );
        result(op, 0).expect("llvm.getelementptr has a result")
    }
}

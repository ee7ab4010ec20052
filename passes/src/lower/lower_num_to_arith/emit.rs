//! Guards, constants and calls of the runtime, in front of the op that is lowered.

use crate::{
    builder::{Builder, CmpiPredicate},
    cursor::Cursor,
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
        operation::{OperationBuilder, OperationMutLike, OperationRefMut},
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
    /// The arithmetic is not Python's: the interpreter cannot go on with another type.
    pub(super) own: bool,
    /// How many doubles or integers a runtime function takes and gives in memory.
    words: i64,
    /// Where runtime functions put their results: once for each function.
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
        own: bool,
        words: i64,
    ) -> Self {
        let types = Types::new(context);
        Self {
            context,
            types,
            module,
            entry,
            own,
            words,
            scratch: OnceCell::new(),
        }
    }

    pub(super) fn emitter(&self, before: OperationRef<'c, 'a>) -> Emitter<'_, 'c, 'a> {
        Emitter {
            builder: Builder::new(self.context, self.types, before),
            site: self,
        }
    }

    pub(super) fn emitter_at(&self, cursor: Cursor<'c, 'a>) -> Emitter<'_, 'c, 'a> {
        Emitter {
            builder: Builder::at(cursor),
            site: self,
        }
    }

    /// The array for results. It is in the entry block, where it is allocated once for each call.
    fn scratch(&self, here: &Builder<'c, 'a>) -> Value<'c, 'a> {
        *self.scratch.get_or_init(|| {
            let first = self.entry.first_operation();
            let at = first.map_or(*here, |first| Builder::new(self.context, self.types, first));
            let r#type = ("elem_type", TypeAttribute::new(self.types.f64).into());
            let array = at.op(
                "llvm.alloca",
                &[at.int(self.words)],
                &[self.types.ptr],
                &[r#type],
            );
            array.result(0).expect("llvm.alloca has a result").into()
        })
    }

    fn declare(&self, row: &abi::Function, location: Location<'c>) {
        let inputs: Vec<_> = row
            .params
            .iter()
            .filter_map(|(_, r#type)| self.machine_type(*r#type))
            .collect();
        let results: Vec<_> = self.machine_type(row.result).into_iter().collect();
        let r#type = FunctionType::new(self.context, &inputs, &results).into();
        self.declare_function(row.symbol, r#type, location);
    }

    /// Declares a function of the C library on doubles.
    fn declare_library(&self, symbol: &str, count: usize, location: Location<'c>) {
        let inputs = vec![self.types.f64; count];
        let r#type = FunctionType::new(self.context, &inputs, &[self.types.f64]).into();
        self.declare_function(symbol, r#type, location);
    }

    /// Declares the variable that is zero when a global was rebound.
    fn declare_assumed(&self, location: Location<'c>) {
        if self.is_declared("llvm.mlir.global", ASSUMED) {
            return;
        }
        let parse =
            |text| Attribute::parse(self.context, text).expect("an attribute of the LLVM dialect");
        let attributes = [
            (
                "sym_name",
                StringAttribute::new(self.context, ASSUMED).into(),
            ),
            ("linkage", parse("#llvm.linkage<external>")),
            ("global_type", TypeAttribute::new(self.types.i64).into()),
            ("value", IntegerAttribute::new(self.types.i64, 0).into()),
            (
                "addr_space",
                IntegerAttribute::new(self.types.i32, 0).into(),
            ),
        ];
        self.add("llvm.mlir.global", &attributes, location);
    }

    fn is_declared(&self, op: &str, symbol: &str) -> bool {
        let ops = operations(self.module);
        ops.into_iter()
            .any(|found| op_name(found) == op && str_attribute(found, "sym_name") == Some(symbol))
    }

    fn declare_function(&self, symbol: &str, r#type: Type<'c>, location: Location<'c>) {
        if self.is_declared("func.func", symbol) {
            return;
        }
        let text = |text| Attribute::from(StringAttribute::new(self.context, text));
        let attributes = [
            ("sym_name", text(symbol)),
            ("sym_visibility", text("private")),
            ("function_type", TypeAttribute::new(r#type).into()),
        ];
        self.add("func.func", &attributes, location);
    }

    /// Says of a declared function that it touches no memory.
    fn declare_pure(&self, symbol: &str) {
        let ops = operations(self.module).into_iter();
        let declared = ops.filter(|op| op_name(*op) == "func.func");
        for op in declared.filter(|op| str_attribute(*op, "sym_name") == Some(symbol)) {
            // SAFETY: the op is alive and nobody else holds a reference to it that would see the change.
            let mut op = unsafe { OperationRefMut::from_raw(op.to_raw()) };
            op.set_discardable_attribute("llvm.readnone", Attribute::unit(self.context));
        }
    }

    fn add(&self, op: &str, attributes: &[(&str, Attribute<'c>)], location: Location<'c>) {
        let named: Vec<_> = attributes
            .iter()
            .map(|(name, value)| (Identifier::new(self.context, name), *value))
            .collect();
        let op = OperationBuilder::new(op, location)
            .add_attributes(&named)
            .add_regions([Region::new()])
            .build()
            .expect("an op whose result types are given can be built");
        self.module.append_operation(op);
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

/// The variable that is zero when a global was rebound, which the engine sets.
const ASSUMED: &str = "assumed";

impl<'c, 'a> Emitter<'_, 'c, 'a> {
    /// Calls a function of the C library on doubles.
    pub(super) fn library(&self, symbol: &str, arguments: &[Value<'c, 'a>]) -> Value<'c, 'a> {
        let count = arguments.len();
        self.site.declare_library(symbol, count, self.location());
        let callee = FlatSymbolRefAttribute::new(self.site.context, symbol).into();
        let call = self.op(
            "func.call",
            arguments,
            &[self.types().f64],
            &[("callee", callee)],
        );
        result(call, 0).expect("a function on doubles has a result")
    }

    /// Whether no global was rebound that the code takes for known.
    pub(super) fn assumed(&self) -> Value<'c, 'a> {
        self.site.declare_assumed(self.location());
        let name = FlatSymbolRefAttribute::new(self.site.context, ASSUMED).into();
        let address = self.op(
            "llvm.mlir.addressof",
            &[],
            &[self.types().ptr],
            &[("global_name", name)],
        );
        let address = result(address, 0).expect("llvm.mlir.addressof has a result");
        self.is_not(self.value("llvm.load", &[address], self.types().i64), 0)
    }

    /// Writes an argument of a runtime function to its place in memory.
    pub(super) fn put(&self, index: i32, value: Value<'c, 'a>) {
        let place = match index {
            0 => self.out(),
            _ => self.element(self.out(), index),
        };
        self.op("llvm.store", &[value, place], &[], &[]);
    }

    /// Leaves at `state` unless the condition holds.
    pub(super) fn guard(&self, condition: Value<'c, 'a>, state: Value<'c, 'a>, reason: &str) {
        let reason = StringAttribute::new(self.site.context, reason).into();
        self.op("num.guard", &[condition, state], &[], &[("reason", reason)]);
    }

    /// Leaves with an exception of that class, which has the reason for its message.
    pub(super) fn guard_raising(
        &self,
        condition: Value<'c, 'a>,
        state: Value<'c, 'a>,
        reason: &str,
        class: &str,
    ) {
        let text = |text| StringAttribute::new(self.site.context, text).into();
        let attributes = [("reason", text(reason)), ("raises", text(class))];
        self.op("num.guard", &[condition, state], &[], &attributes);
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

    /// Calls a runtime function that computes its result from its arguments, and does nothing else.
    pub(super) fn pure(&self, symbol: &str, arguments: &[Value<'c, 'a>]) -> Value<'c, 'a> {
        let result = self.call(symbol, arguments);
        self.site.declare_pure(symbol);
        result
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
        let answered = self.call(symbol, &[arguments, &[self.out()]].concat());
        self.guard(self.is_nonzero(answered), state, reason);
        self.out()
    }

    /// Where runtime functions write what they answer.
    pub(super) fn out(&self) -> Value<'c, 'a> {
        self.site.scratch(&self.builder)
    }

    /// Whether an `i32` is not zero.
    pub(super) fn is_nonzero(&self, value: Value<'c, 'a>) -> Value<'c, 'a> {
        let zero = IntegerAttribute::new(IntegerType::new(self.site.context, 32).into(), 0).into();
        let zero = self.op(
            "arith.constant",
            &[],
            &[self.types().i32],
            &[("value", zero)],
        );
        let zero = result(zero, 0).expect("arith.constant has a result");
        self.cmpi(CmpiPredicate::Ne, value, zero)
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

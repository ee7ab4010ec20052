//! The instructions that lowered ops are made of.

use super::{frameless::Frameless, indices::Indices, parking::Parking, tables::Tables};
use crate::{
    cfg::{name_of, value_key},
    cursor::{Cursor, result_of},
    function::{Function, raised},
    inspect::str_attribute,
};
use melior::{
    dialect::llvm,
    ir::{
        Attribute, OperationRef, Type, Value, ValueLike,
        attribute::{DenseI32ArrayAttribute, IntegerAttribute, TypeAttribute},
        operation::OperationLike,
        r#type::IntegerType,
    },
};
use stepwell_abi as abi;
use stepwell_dialects::ir::{Types, replace_uses};

/// A function that is being lowered.
pub struct Lowering<'c, 'a, 't> {
    /// The function.
    pub function: Function<'c, 'a>,
    /// What it refers to outside.
    pub tables: &'t mut Tables,
    /// The thread state.
    pub tstate: Value<'c, 'a>,
    /// The interpreter's frame.
    pub frame: Value<'c, 'a>,
    /// The first instruction of the code object.
    pub code: Value<'c, 'a>,
    /// The code's instrumentation version when the function was entered.
    pub version: Value<'c, 'a>,
    /// What was sent to a step.
    pub sent: Option<Value<'c, 'a>>,
    /// What stands for the frame of a function that has none.
    pub frameless: Option<Frameless<'c, 'a>>,
    /// The subscripts whose keys are no boxes any more.
    pub indices: Indices,
    /// Integers have no sign.
    pub nosign: bool,
    /// An array of pointers for arguments and results, as large as any op needs.
    pub scratch: Value<'c, 'a>,
    /// The block and the instruction that the frame was told of last.
    pub told: Option<(usize, i64)>,
    /// What is remembered of inlined generators.
    pub parkings: Vec<Parking<'c, 'a>>,
}

/// The conditions of `llvm.icmp`.
#[derive(Clone, Copy)]
pub enum Compare {
    /// Equal.
    Eq = 0,
    /// Not equal.
    Ne = 1,
    /// Less, signed.
    Slt = 2,
    /// Greater, signed.
    Sgt = 4,
}

impl<'c, 'a> Lowering<'c, 'a, '_> {
    /// The usual types.
    pub fn types(&self) -> Types<'c> {
        self.function.types
    }

    /// An integer constant.
    pub fn int(&self, cursor: &Cursor<'c, 'a>, r#type: Type<'c>, value: i64) -> Value<'c, 'a> {
        let value = IntegerAttribute::new(r#type, value).into();
        cursor.value("arith.constant", &[], r#type, &[("value", value)])
    }

    /// The null pointer.
    pub fn null(&self, cursor: &Cursor<'c, 'a>) -> Value<'c, 'a> {
        cursor.value("llvm.mlir.zero", &[], self.types().ptr, &[])
    }

    /// The address `offset` bytes behind `base`.
    pub fn at(&self, cursor: &Cursor<'c, 'a>, base: Value<'c, 'a>, offset: usize) -> Value<'c, 'a> {
        self.element(cursor, base, offset as i32)
    }

    /// The address `offset` bytes in front of `base`.
    pub fn before(
        &self,
        cursor: &Cursor<'c, 'a>,
        base: Value<'c, 'a>,
        offset: usize,
    ) -> Value<'c, 'a> {
        self.element(cursor, base, -(offset as i32))
    }

    fn element(&self, cursor: &Cursor<'c, 'a>, base: Value<'c, 'a>, offset: i32) -> Value<'c, 'a> {
        let offset = DenseI32ArrayAttribute::new(cursor.context, &[offset]);
        let byte = IntegerType::new(cursor.context, 8).into();
        let op = llvm::get_element_ptr(
            cursor.context,
            base,
            offset,
            byte,
            self.types().ptr,
            cursor.location,
        );
        result_of(cursor.insert(op), 0)
    }

    /// Reads memory.
    pub fn load(
        &self,
        cursor: &Cursor<'c, 'a>,
        r#type: Type<'c>,
        address: Value<'c, 'a>,
    ) -> Value<'c, 'a> {
        cursor.value("llvm.load", &[address], r#type, &[])
    }

    /// Reads memory that never changes while the function runs.
    pub fn load_invariant(
        &self,
        cursor: &Cursor<'c, 'a>,
        r#type: Type<'c>,
        address: Value<'c, 'a>,
    ) -> Value<'c, 'a> {
        cursor.value(
            "llvm.load",
            &[address],
            r#type,
            &[("invariant", Attribute::unit(cursor.context))],
        )
    }

    /// Writes memory.
    pub fn store(&self, cursor: &Cursor<'c, 'a>, value: Value<'c, 'a>, address: Value<'c, 'a>) {
        cursor.op("llvm.store", &[value, address], &[], &[]);
    }

    /// Compares integers or pointers.
    pub fn compare(
        &self,
        cursor: &Cursor<'c, 'a>,
        how: Compare,
        lhs: Value<'c, 'a>,
        rhs: Value<'c, 'a>,
    ) -> Value<'c, 'a> {
        cursor.value(
            "llvm.icmp",
            &[lhs, rhs],
            self.types().i1,
            &[("predicate", cursor.i64(how as i64))],
        )
    }

    /// Whether a pointer is null.
    pub fn is_null(&self, cursor: &Cursor<'c, 'a>, value: Value<'c, 'a>) -> Value<'c, 'a> {
        let null = self.null(cursor);
        self.compare(cursor, Compare::Eq, value, null)
    }

    /// An address that is a plain number: what a body returns to tell the caller something.
    pub fn status(&self, cursor: &Cursor<'c, 'a>, value: usize) -> Value<'c, 'a> {
        let value = self.int(cursor, self.types().i64, value as i64);
        cursor.value("llvm.inttoptr", &[value], self.types().ptr, &[])
    }

    /// The address of a variable of the interpreter.
    pub fn symbol(&mut self, cursor: &Cursor<'c, 'a>, symbol: &str) -> Value<'c, 'a> {
        self.tables.use_data(symbol);
        cursor.value(
            "llvm.mlir.addressof",
            &[],
            self.types().ptr,
            &[("global_name", cursor.symbol(symbol))],
        )
    }

    /// The address of a table of the module.
    pub fn global(&self, cursor: &Cursor<'c, 'a>, name: &str) -> Value<'c, 'a> {
        let name = ("global_name", cursor.symbol(name));
        cursor.value("llvm.mlir.addressof", &[], self.types().ptr, &[name])
    }

    /// An object from the table `@refs`, by its description.
    pub fn reference(&mut self, cursor: &Cursor<'c, 'a>, description: String) -> Value<'c, 'a> {
        let index = self.tables.reference(description);
        let table = self.global(cursor, "refs");
        let place = self.at(cursor, table, index * abi::layout::SLOT);
        self.load_invariant(cursor, self.types().ptr, place)
    }

    /// New memory of the instruction that is lowered, zero at first.
    pub fn cache(&mut self, cursor: &Cursor<'c, 'a>, words: usize) -> Value<'c, 'a> {
        let first = self.tables.cache(words);
        let name = ("global_name", cursor.symbol("caches"));
        let table = cursor.value("llvm.mlir.addressof", &[], self.types().ptr, &[name]);
        self.at(cursor, table, first * size_of::<u64>())
    }

    /// The address of a place of the scratch array.
    pub fn scratch(&self, cursor: &Cursor<'c, 'a>, index: usize) -> Value<'c, 'a> {
        self.at(cursor, self.scratch, index * abi::layout::SLOT)
    }

    /// Fills the scratch array from `first` on.
    pub fn fill_scratch(&self, cursor: &Cursor<'c, 'a>, first: usize, values: &[Value<'c, 'a>]) {
        for (index, value) in values.iter().enumerate() {
            let place = self.scratch(cursor, first + index);
            self.store(cursor, *value, place);
        }
    }

    /// Calls a runtime function.
    pub fn call(
        &mut self,
        cursor: &Cursor<'c, 'a>,
        row: &'static abi::Function,
        arguments: &[Value<'c, 'a>],
    ) -> Option<Value<'c, 'a>> {
        self.tables.use_function(row);
        self.call_named(
            cursor,
            row.symbol,
            arguments,
            machine_type(&self.types(), row.result),
        )
    }

    /// Calls one of the small functions that are added to the module.
    pub fn call_helper(
        &mut self,
        cursor: &Cursor<'c, 'a>,
        helper: &'static str,
        arguments: &[Value<'c, 'a>],
        results: &[Type<'c>],
    ) -> OperationRef<'c, 'a> {
        self.tables.use_helper(helper);
        cursor.op(
            "func.call",
            arguments,
            results,
            &[("callee", cursor.symbol(helper))],
        )
    }

    fn call_named(
        &self,
        cursor: &Cursor<'c, 'a>,
        symbol: &str,
        arguments: &[Value<'c, 'a>],
        result: Option<Type<'c>>,
    ) -> Option<Value<'c, 'a>> {
        let results: Vec<_> = result.into_iter().collect();
        let op = cursor.op(
            "func.call",
            arguments,
            &results,
            &[("callee", cursor.symbol(symbol))],
        );
        (!results.is_empty()).then(|| result_of(op, 0))
    }

    /// Makes `value` the result number `index` of a lowered op.
    pub fn replace(&self, op: OperationRef<'c, 'a>, index: usize, value: Value<'c, 'a>) {
        if index < op.result_count()
            && let Ok(result) = op.result(index)
        {
            replace_uses(result.into(), value);
        }
    }

    /// Makes `value` the `raised` of a lowered op, if it has one.
    pub fn replace_raised(&self, op: OperationRef<'c, 'a>, value: Value<'c, 'a>) {
        if let Some(raised) = raised(op).filter(|raised| value_key(*raised) != value_key(value)) {
            replace_uses(raised, value);
        }
    }

    /// The object operands of an op, lowered.
    pub fn objects(&self, op: OperationRef<'c, 'a>) -> Vec<Value<'c, 'a>> {
        op.operands()
            .filter(|value| value.r#type() == self.types().ptr)
            .collect()
    }
}

/// The type of a runtime function's parameter or result.
pub fn machine_type<'c>(types: &Types<'c>, r#type: abi::Type) -> Option<Type<'c>> {
    match r#type {
        abi::Type::Void => None,
        abi::Type::Ptr => Some(types.ptr),
        abi::Type::I64 => Some(types.i64),
        abi::Type::I32 => Some(types.i32),
        abi::Type::F64 => Some(types.f64),
    }
}

/// An integer attribute of an op, zero if it has none.
pub fn integer(op: OperationRef, name: &str) -> i64 {
    let attribute = op.attribute(name).ok();
    attribute
        .and_then(|value| IntegerAttribute::try_from(value).ok())
        .map_or(0, |value| value.value())
}

/// A string attribute of an op, empty if it has none.
pub fn text<'c>(op: OperationRef<'c, '_>, name: &str) -> &'c str {
    str_attribute(op, name).unwrap_or_default()
}

/// A type as an attribute.
pub fn type_attribute(r#type: Type) -> Attribute {
    TypeAttribute::new(r#type).into()
}

/// Whether the op is one of those.
pub fn is_any(op: OperationRef, names: &[&str]) -> bool {
    names.contains(&name_of(op))
}

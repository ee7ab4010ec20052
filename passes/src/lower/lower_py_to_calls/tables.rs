//! What the functions of a module refer to outside, written into the module at the end.

use super::helpers::{self, Helper};
use crate::{
    PassError,
    collections::{IndexMap, IndexSet},
};
use melior::{
    Context,
    ir::{
        Attribute, BlockLike, Module,
        attribute::{ArrayAttribute, DenseI32ArrayAttribute, IntegerAttribute, StringAttribute},
        operation::{OperationMutLike, OperationRefMut},
        r#type::IntegerType,
    },
};
use std::fmt::Write;
use stepwell_abi::{
    self as abi,
    exit_table::{self, Source},
};
use stepwell_dialects::ir::{operations, parse_module};

/// An exit: where in the bytecode and in the source, and why.
struct Exit {
    offset: i64,
    line: i64,
    reason: String,
}

/// Everything outside that was referred to so far.
#[derive(Default)]
pub struct Tables {
    references: IndexSet<String>,
    cache_words: usize,
    exits: Vec<Exit>,
    exit_table: exit_table::Writer,
    functions: IndexMap<&'static str, &'static abi::Function>,
    data: IndexSet<String>,
    helpers: IndexSet<&'static str>,
    untyped: Vec<i32>,
    noted: Vec<i32>,
    counts_down: bool,
}

impl Tables {
    /// Says that a parameter can be any object.
    pub fn leave_untyped(&mut self, parameter: usize) {
        self.untyped.push(parameter as i32);
    }

    /// The place in `@seen` for what an instruction meets, by its offset and the number of its result.
    pub fn note(&mut self, offset: i64, number: i64) -> usize {
        self.noted.extend([offset as i32, number as i32]);
        self.noted.len() / 2 - 1
    }

    /// Says that the module has a variable that its loops count down.
    pub fn count_down(&mut self) {
        self.counts_down = true;
    }

    /// The place of an object in `@refs`, by its description.
    pub fn reference(&mut self, description: String) -> usize {
        self.references.insert_full(description).0
    }

    /// The first of so many new words of `@caches`.
    pub fn cache(&mut self, words: usize) -> usize {
        let first = self.cache_words;
        self.cache_words += words;
        first
    }

    /// Whether there are objects in `@refs`.
    pub fn has_references(&self) -> bool {
        !self.references.is_empty()
    }

    /// Adds an exit, and yields its row in `@exits`.
    pub fn exit_row(
        &mut self,
        offset: i64,
        line: i64,
        reason: &str,
        locals: &[(u32, Source)],
        stack: &[Source],
    ) -> usize {
        let number = self.exit(offset, line, reason) as u32;
        self.exit_table.row(number, offset as u32, locals, stack)
    }

    /// The number of a new exit.
    pub fn exit(&mut self, offset: i64, line: i64, reason: &str) -> usize {
        self.exits.push(Exit {
            offset,
            line,
            reason: reason.to_owned(),
        });
        self.exits.len() - 1
    }

    /// Declares a runtime function.
    pub fn use_function(&mut self, row: &'static abi::Function) {
        self.functions.insert(row.symbol, row);
    }

    /// Declares a variable of the interpreter.
    pub fn use_data(&mut self, symbol: &str) {
        self.data.insert(symbol.to_owned());
    }

    /// Adds one of the small functions, with what it needs itself.
    pub fn use_helper(&mut self, name: &'static str) {
        let Some(Helper {
            functions,
            data,
            helpers,
            ..
        }) = helpers::find(name)
        else {
            return;
        };
        if !self.helpers.insert(name) {
            return;
        }
        functions
            .iter()
            .filter_map(|symbol| abi::function(symbol))
            .for_each(|row| self.use_function(row));
        data.iter().for_each(|symbol| self.use_data(symbol));
        helpers.iter().for_each(|name| self.use_helper(name));
    }

    /// Adds declarations, tables and attributes to the module.
    pub fn write<'c>(
        &self,
        pass: &str,
        context: &'c Context,
        module: &Module<'c>,
    ) -> Result<(), PassError> {
        let text = self.text();
        let added = parse_module(context, &text).map_err(|error| PassError::Bug {
            pass: pass.to_owned(),
            message: error.message,
            ir: text,
        })?;
        for op in operations(added.body()) {
            // SAFETY: the op moves from one module to the other, which owns it from then on.
            unsafe {
                mlir_sys::mlirOperationRemoveFromParent(op.to_raw());
                mlir_sys::mlirBlockAppendOwnedOperation(module.body().to_raw(), op.to_raw());
            }
        }
        // SAFETY: the module is alive and nobody else holds a reference to its op.
        let mut op = unsafe { OperationRefMut::from_raw(module.as_operation().to_raw()) };
        op.set_attribute("stepwell.refs", self.reference_attribute(context));
        op.set_attribute("stepwell.exits", self.exit_attribute(context));
        let lists = [
            ("stepwell.untyped", &self.untyped),
            ("stepwell.noted", &self.noted),
        ];
        for (name, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
            op.set_attribute(name, DenseI32ArrayAttribute::new(context, list).into());
        }
        Ok(())
    }

    fn reference_attribute<'c>(&self, context: &'c Context) -> Attribute<'c> {
        let rows = self
            .references
            .iter()
            .map(|row| StringAttribute::new(context, row).into());
        ArrayAttribute::new(context, &rows.collect::<Vec<_>>()).into()
    }

    fn exit_attribute<'c>(&self, context: &'c Context) -> Attribute<'c> {
        let i32 = IntegerType::new(context, 32).into();
        let rows = self.exits.iter().map(|exit| {
            let row = [
                IntegerAttribute::new(i32, exit.offset).into(),
                IntegerAttribute::new(i32, exit.line).into(),
                StringAttribute::new(context, &exit.reason).into(),
            ];
            ArrayAttribute::new(context, &row).into()
        });
        ArrayAttribute::new(context, &rows.collect::<Vec<Attribute>>()).into()
    }

    fn text(&self) -> String {
        let mut text = String::new();
        if !self.references.is_empty() {
            let table = format!("!llvm.array<{} x ptr>", self.references.len());
            let _ = writeln!(
                text,
                "llvm.mlir.global external @refs() : {table} {{ %0 = llvm.mlir.zero : {table} llvm.return %0 : {table} }}"
            );
        }
        if self.cache_words > 0 {
            let table = format!("!llvm.array<{} x i64>", self.cache_words);
            let _ = writeln!(
                text,
                "llvm.mlir.global internal @caches() : {table} {{ %0 = llvm.mlir.zero : {table} llvm.return %0 : {table} }}"
            );
        }
        if !self.noted.is_empty() {
            let (name, length) = (abi::SEEN, self.noted.len() / 2);
            let _ = writeln!(
                text,
                "llvm.mlir.global external @{name}(dense<0> : tensor<{length}xi64>) : !llvm.array<{length} x i64>"
            );
        }
        if self.counts_down {
            let name = abi::PATIENCE;
            let _ = writeln!(text, "llvm.mlir.global external @{name}(0 : i64) : i64");
        }
        let exits = self.exit_table.finish();
        if !exits.is_empty() {
            let length = exits.len();
            let _ = writeln!(
                text,
                "llvm.mlir.global internal constant @exits(dense<{exits:?}> : tensor<{length}xi32>) : !llvm.array<{length} x i32>"
            );
        }
        for symbol in &self.data {
            let _ = writeln!(text, "llvm.mlir.global external @{symbol}() : i8");
        }
        for row in self.functions.values() {
            let parameters: Vec<_> = row
                .params
                .iter()
                .map(|(_, r#type)| type_text(*r#type))
                .collect();
            let _ = writeln!(
                text,
                "func.func private @{}({}) -> ({}) attributes {{passthrough = [\"nounwind\"]}}",
                row.symbol,
                parameters.join(", "),
                type_text(row.result)
            );
        }
        for helper in self.helpers.iter().filter_map(|name| helpers::find(name)) {
            text.push_str(&helper.text());
        }
        text
    }
}

fn type_text(r#type: abi::Type) -> &'static str {
    match r#type {
        abi::Type::Void => "",
        abi::Type::Ptr => "!llvm.ptr",
        abi::Type::I64 => "i64",
        abi::Type::I32 => "i32",
        abi::Type::F64 => "f64",
    }
}

//! Modules, contexts and measurements that the tests share.

use std::fs;

use melior::{
    Context,
    dialect::{DialectHandle, DialectRegistry},
    ir::Module,
};
use stepwell_jit::register_translations;

/// A function that adds its arguments.
pub const ADD: &str = r#"
    llvm.func @body(%a: i64, %b: i64) -> i64 {
      %r = llvm.add %a, %b : i64
      llvm.return %r : i64
    }"#;

/// A function that adds the two entries of a table, with the help of an internal function, and counts
/// its calls in another table.
pub const TABLE: &str = r#"
    llvm.mlir.global external @refs() : !llvm.array<2 x i64> {
      %zero = llvm.mlir.zero : !llvm.array<2 x i64>
      llvm.return %zero : !llvm.array<2 x i64>
    }
    llvm.mlir.global external @caches() : !llvm.array<2 x i64> {
      %zero = llvm.mlir.zero : !llvm.array<2 x i64>
      llvm.return %zero : !llvm.array<2 x i64>
    }
    llvm.func internal @entry(%index: i64) -> i64 {
      %refs = llvm.mlir.addressof @refs : !llvm.ptr
      %address = llvm.getelementptr %refs[%index] : (!llvm.ptr, i64) -> !llvm.ptr, i64
      %value = llvm.load %address : !llvm.ptr -> i64
      llvm.return %value : i64
    }
    llvm.func @body(%a: i64, %b: i64) -> i64 {
      %zero = llvm.mlir.constant(0 : i64) : i64
      %one = llvm.mlir.constant(1 : i64) : i64
      %caches = llvm.mlir.addressof @caches : !llvm.ptr
      %count = llvm.load %caches : !llvm.ptr -> i64
      %count2 = llvm.add %count, %one : i64
      llvm.store %count2, %caches : i64, !llvm.ptr
      %x = llvm.call @entry(%zero) : (i64) -> i64
      %y = llvm.call @entry(%one) : (i64) -> i64
      %r = llvm.add %x, %y : i64
      llvm.return %r : i64
    }"#;

/// A loop of integer arithmetic, which can be vectorised.
pub const LOOP: &str = r#"
    llvm.func @body(%n: i64, %start: i64) -> i64 {
      %zero = llvm.mlir.constant(0 : i64) : i64
      %one = llvm.mlir.constant(1 : i64) : i64
      llvm.br ^head(%zero, %start : i64, i64)
    ^head(%i: i64, %sum: i64):
      %more = llvm.icmp "slt" %i, %n : i64
      llvm.cond_br %more, ^step, ^done
    ^step:
      %cube = llvm.mul %i, %i : i64
      %bits = llvm.xor %cube, %sum : i64
      %i2 = llvm.add %i, %one : i64
      llvm.br ^head(%i2, %bits : i64, i64)
    ^done:
      llvm.return %sum : i64
    }"#;

/// A context that knows the LLVM dialect, and `arith` for what must not get through.
pub fn context() -> Context {
    let registry = DialectRegistry::new();
    for dialect in [DialectHandle::llvm(), DialectHandle::arith()] {
        dialect.insert_dialect(&registry);
    }
    let context = Context::new_with_registry(&registry, false);
    context.load_all_available_dialects();
    register_translations(&context);
    context
}

/// Parses a module.
pub fn module<'c>(context: &'c Context, source: &str) -> Module<'c> {
    Module::parse(context, source).expect("the source is a module")
}

/// The memory of this process that is in use at the moment.
pub fn resident_bytes() -> usize {
    let pages = fs::read_to_string("/proc/self/statm").unwrap();
    pages.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4096
}

module {
  func.func @collatz(%start: i64) -> i64 attributes {py.argcount = 1 : i32, py.kind = "function", py.locals = ["n"], py.mode = "auto", py.qualname = "collatz"} {
    %c0_i64 = arith.constant 0 : i64
    %c1_i64 = arith.constant 1 : i64
    %c2_i64 = arith.constant 2 : i64
    %c3_i64 = arith.constant 3 : i64
    cf.br ^bb1(%start : i64)
  ^bb1(%n: i64):
    %0 = arith.andi %n, %c1_i64 : i64
    %even = arith.cmpi eq, %0, %c0_i64 : i64
    cf.cond_br %even, ^bb2, ^bb3
  ^bb2:
    %1 = arith.shrsi %n, %c1_i64 : i64
    cf.br ^bb4(%1 : i64)
  ^bb3:
    %2 = py.frame_state 78 locals(%n) stack() : (i64)
    %3 = "llvm.intr.smul.with.overflow"(%c3_i64, %n) : (i64, i64) -> !llvm.struct<(i64, i1)>
    %4 = llvm.extractvalue %3[0] : !llvm.struct<(i64, i1)>
    %5 = llvm.extractvalue %3[1] : !llvm.struct<(i64, i1)>
    %true = arith.constant true
    %6 = arith.xori %5, %true : i1
    num.guard %6 at %2 "the result needs more than 64 bits"
    %7 = py.frame_state 84 locals(%n) stack(%4) : (i64), (i64)
    %8 = "llvm.intr.sadd.with.overflow"(%4, %c1_i64) : (i64, i64) -> !llvm.struct<(i64, i1)>
    %9 = llvm.extractvalue %8[0] : !llvm.struct<(i64, i1)>
    %10 = llvm.extractvalue %8[1] : !llvm.struct<(i64, i1)>
    %true_0 = arith.constant true
    %11 = arith.xori %10, %true_0 : i1
    num.guard %11 at %7 "the result needs more than 64 bits"
    cf.br ^bb4(%9 : i64)
  ^bb4(%next: i64):
    %done = arith.cmpi eq, %next, %c1_i64 : i64
    cf.cond_br %done, ^bb5, ^bb1(%next : i64)
  ^bb5:
    return %next : i64
  }
}

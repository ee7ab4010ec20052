module {
  llvm.func internal @native(%n: i64) -> i64 {
    %one = llvm.mlir.constant(1 : i64) : i64
    %end = llvm.icmp "slt" %n, %one : i64
    llvm.cond_br %end, ^bb2(%n : i64), ^bb1
  ^bb1:
    %less = llvm.sub %n, %one : i64
    %left = llvm.call @native(%less) : (i64) -> i64
    %right = llvm.call @native(%left) : (i64) -> i64
    llvm.br ^bb2(%right : i64)
  ^bb2(%result: i64):
    llvm.return %result : i64
  }
  llvm.func @body(%n: i64) -> i64 {
    %0 = llvm.call @native(%n) : (i64) -> i64
    llvm.return %0 : i64
  }
}

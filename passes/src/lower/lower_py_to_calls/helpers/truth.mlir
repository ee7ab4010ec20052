func.func private @truth(%value: !llvm.ptr) -> i32 attributes {llvm.linkage = #llvm.linkage<internal>} {
  %zero = arith.constant 0 : i32
  %one = arith.constant 1 : i32
  %true = llvm.mlir.addressof @_Py_TrueStruct : !llvm.ptr
  %false = llvm.mlir.addressof @_Py_FalseStruct : !llvm.ptr
  %is_true = llvm.icmp "eq" %value, %true : !llvm.ptr
  cf.cond_br %is_true, ^done(%one : i32), ^not_true
^not_true:
  %is_false = llvm.icmp "eq" %value, %false : !llvm.ptr
  cf.cond_br %is_false, ^done(%zero : i32), ^other
^other:
  %truth = func.call @sw_truth(%value) : (!llvm.ptr) -> i32
  cf.br ^done(%truth : i32)
^done(%result: i32):
  func.return %result : i32
}

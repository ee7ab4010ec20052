func.func private @unbox_float(%object: !llvm.ptr) -> (f64, i1) attributes {llvm.linkage = #llvm.linkage<internal>} {
  %none = arith.constant 0.0 : f64
  %type_at = llvm.getelementptr %object[{OB_TYPE}] : (!llvm.ptr) -> !llvm.ptr, i8
  %type = llvm.load %type_at {OF_TYPE} : !llvm.ptr -> !llvm.ptr
  %float = llvm.mlir.addressof @PyFloat_Type : !llvm.ptr
  %ok = llvm.icmp "eq" %type, %float : !llvm.ptr
  cf.cond_br %ok weights([2000, 1]), ^float, ^done(%none : f64)
^float:
  %value_at = llvm.getelementptr %object[{FLOAT_VALUE}] : (!llvm.ptr) -> !llvm.ptr, i8
  %value = llvm.load %value_at {OF_FLOAT} : !llvm.ptr -> f64
  cf.br ^done(%value : f64)
^done(%result: f64):
  func.return %result, %ok : f64, i1
}

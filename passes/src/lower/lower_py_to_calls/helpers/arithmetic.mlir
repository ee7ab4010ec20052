// Two floats, or two ints of at most one digit each, whose result cannot overflow; the rest is the interpreter's.
func.func private @{NAME}(%lhs: !llvm.ptr, %rhs: !llvm.ptr) -> !llvm.ptr attributes {llvm.linkage = #llvm.linkage<internal>} {
  %float = llvm.mlir.addressof @PyFloat_Type : !llvm.ptr
  %int = llvm.mlir.addressof @PyLong_Type : !llvm.ptr
  %lhs_type_at = llvm.getelementptr %lhs[{OB_TYPE}] : (!llvm.ptr) -> !llvm.ptr, i8
  %lhs_type = llvm.load %lhs_type_at : !llvm.ptr -> !llvm.ptr
  %rhs_type_at = llvm.getelementptr %rhs[{OB_TYPE}] : (!llvm.ptr) -> !llvm.ptr, i8
  %rhs_type = llvm.load %rhs_type_at : !llvm.ptr -> !llvm.ptr
  %alike = llvm.icmp "eq" %lhs_type, %rhs_type : !llvm.ptr
  cf.cond_br %alike, ^alike, ^other
^alike:
  %is_float = llvm.icmp "eq" %lhs_type, %float : !llvm.ptr
  cf.cond_br %is_float, ^float, ^no_float
^float:
  %x_at = llvm.getelementptr %lhs[{FLOAT_VALUE}] : (!llvm.ptr) -> !llvm.ptr, i8
  %x = llvm.load %x_at : !llvm.ptr -> f64
  %y_at = llvm.getelementptr %rhs[{FLOAT_VALUE}] : (!llvm.ptr) -> !llvm.ptr, i8
  %y = llvm.load %y_at : !llvm.ptr -> f64
  %z = {FLOAT} %x, %y : f64
  %new_float = func.call @PyFloat_FromDouble(%z) : (f64) -> !llvm.ptr
  cf.br ^done(%new_float : !llvm.ptr)
^no_float:
  %is_int = llvm.icmp "eq" %lhs_type, %int : !llvm.ptr
  cf.cond_br %is_int, ^int, ^other
^int:
  %i, %i_ok = func.call @compact(%lhs) : (!llvm.ptr) -> (i64, i1)
  %j, %j_ok = func.call @compact(%rhs) : (!llvm.ptr) -> (i64, i1)
  %both = arith.andi %i_ok, %j_ok : i1
  cf.cond_br %both weights([2000, 1]), ^compact, ^other
^compact:
  %k = {INT} %i, %j : i64
  %new_int = func.call @PyLong_FromLongLong(%k) : (i64) -> !llvm.ptr
  cf.br ^done(%new_int : !llvm.ptr)
^other:
  %slow = func.call @{SLOW}(%lhs, %rhs) : (!llvm.ptr, !llvm.ptr) -> !llvm.ptr
  cf.br ^done(%slow : !llvm.ptr)
^done(%result: !llvm.ptr):
  func.return %result : !llvm.ptr
}

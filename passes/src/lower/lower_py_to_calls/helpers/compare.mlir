// Two floats, or two ints of at most one digit each; the rest is the interpreter's.
func.func private @{NAME}(%lhs: !llvm.ptr, %rhs: !llvm.ptr) -> !llvm.ptr attributes {llvm.linkage = #llvm.linkage<internal>} {
  %kind = arith.constant {KIND} : i32
  %true = llvm.mlir.addressof @_Py_TrueStruct : !llvm.ptr
  %false = llvm.mlir.addressof @_Py_FalseStruct : !llvm.ptr
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
  %float_holds = arith.cmpf {FLOAT}, %x, %y : f64
  cf.br ^decided(%float_holds : i1)
^no_float:
  %is_int = llvm.icmp "eq" %lhs_type, %int : !llvm.ptr
  cf.cond_br %is_int, ^int, ^other
^int:
  %i, %i_ok = func.call @compact(%lhs) : (!llvm.ptr) -> (i64, i1)
  %j, %j_ok = func.call @compact(%rhs) : (!llvm.ptr) -> (i64, i1)
  %both = arith.andi %i_ok, %j_ok : i1
  %int_holds = arith.cmpi {INT}, %i, %j : i64
  cf.cond_br %both weights([2000, 1]), ^decided(%int_holds : i1), ^other
^decided(%holds: i1):
  %answer = llvm.select %holds, %true, %false : i1, !llvm.ptr
  func.return %answer : !llvm.ptr
^other:
  %slow = func.call @PyObject_RichCompare(%lhs, %rhs, %kind) : (!llvm.ptr, !llvm.ptr, i32) -> !llvm.ptr
  func.return %slow : !llvm.ptr
}

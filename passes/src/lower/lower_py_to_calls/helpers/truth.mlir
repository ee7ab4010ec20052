// 1 or 0 for an object's truth, negative when finding out fails.
func.func private @truth(%object: !llvm.ptr) -> i32 attributes {llvm.linkage = #llvm.linkage<internal>} {
  %zero = arith.constant 0 : i32
  %one = arith.constant 1 : i32
  %true = llvm.mlir.addressof @_Py_TrueStruct : !llvm.ptr
  %false = llvm.mlir.addressof @_Py_FalseStruct : !llvm.ptr
  %is_true = llvm.icmp "eq" %object, %true : !llvm.ptr
  cf.cond_br %is_true, ^done(%one : i32), ^other
^other:
  %is_false = llvm.icmp "eq" %object, %false : !llvm.ptr
  cf.cond_br %is_false, ^done(%zero : i32), ^ask
^ask:
  %answer = func.call @PyObject_IsTrue(%object) : (!llvm.ptr) -> i32
  cf.br ^done(%answer : i32)
^done(%result: i32):
  func.return %result : i32
}

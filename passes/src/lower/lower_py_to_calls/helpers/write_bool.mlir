// There are two bools, and nobody counts them.
func.func private @write_bool(%place: !llvm.ptr, %value: i1) -> i1 attributes {llvm.linkage = #llvm.linkage<internal>} {
  %true = arith.constant true
  %yes = llvm.mlir.addressof @_Py_TrueStruct : !llvm.ptr
  %no = llvm.mlir.addressof @_Py_FalseStruct : !llvm.ptr
  %new = llvm.select %value, %yes, %no : i1, !llvm.ptr
  %old = llvm.load %place {OF_ITEM} : !llvm.ptr -> !llvm.ptr
  %was_yes = llvm.icmp "eq" %old, %yes : !llvm.ptr
  %was_no = llvm.icmp "eq" %old, %no : !llvm.ptr
  %was_bool = arith.ori %was_yes, %was_no : i1
  cf.cond_br %was_bool weights([2000, 1]), ^bool, ^other
^bool:
  llvm.store %new, %place {OF_ITEM} : !llvm.ptr, !llvm.ptr
  cf.br ^done(%true : i1)
^other:
  %none = arith.constant 0 : i32
  %status = func.call @sw_write_object(%place, %new) : (!llvm.ptr, !llvm.ptr) -> i32
  %written = arith.cmpi ne, %status, %none : i32
  cf.br ^done(%written : i1)
^done(%ok: i1):
  func.return %ok : i1
}

// A float that belongs to the slot alone is one that nobody else can look at: it becomes the new one.
func.func private @spill_float(%place: !llvm.ptr, %value: f64) attributes {llvm.linkage = #llvm.linkage<internal>} {
  %null = llvm.mlir.zero : !llvm.ptr
  %one = arith.constant 1 : i64
  %old = llvm.load %place : !llvm.ptr -> !llvm.ptr
  %is_empty = llvm.icmp "eq" %old, %null : !llvm.ptr
  cf.cond_br %is_empty weights([1, 100]), ^other, ^there
^there:
  %type_at = llvm.getelementptr %old[{OB_TYPE}] : (!llvm.ptr) -> !llvm.ptr, i8
  %type = llvm.load %type_at {OF_TYPE} : !llvm.ptr -> !llvm.ptr
  %float = llvm.mlir.addressof @PyFloat_Type : !llvm.ptr
  %is_float = llvm.icmp "eq" %type, %float : !llvm.ptr
  cf.cond_br %is_float weights([100, 1]), ^float, ^other
^float:
  %count = llvm.load %old {OF_COUNT} : !llvm.ptr -> i64
  %alone = arith.cmpi eq, %count, %one : i64
  cf.cond_br %alone, ^alone, ^other
^alone:
  %value_at = llvm.getelementptr %old[{FLOAT_VALUE}] : (!llvm.ptr) -> !llvm.ptr, i8
  llvm.store %value, %value_at {OF_FLOAT} : f64, !llvm.ptr
  cf.br ^done
^other:
  %new = func.call @sw_box_float(%value) : (f64) -> !llvm.ptr
  func.call @store_local(%place, %new) : (!llvm.ptr, !llvm.ptr) -> ()
  cf.br ^done
^done:
  func.return
}

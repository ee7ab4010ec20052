// The item of an iterator over a list that is not at its end.
func.func private @for_iter(%ts: !llvm.ptr, %iterator: !llvm.ptr) -> !llvm.ptr attributes {llvm.linkage = #llvm.linkage<internal>} {
  %null = llvm.mlir.zero : !llvm.ptr
  %one = arith.constant 1 : i64
  %type_at = llvm.getelementptr %iterator[{OB_TYPE}] : (!llvm.ptr) -> !llvm.ptr, i8
  %type = llvm.load %type_at : !llvm.ptr -> !llvm.ptr
  %expected = llvm.mlir.addressof @PyListIter_Type : !llvm.ptr
  %is_list = llvm.icmp "eq" %type, %expected : !llvm.ptr
  cf.cond_br %is_list, ^iterator, ^other
^iterator:
  %list_at = llvm.getelementptr %iterator[{LIST_ITERATOR_LIST}] : (!llvm.ptr) -> !llvm.ptr, i8
  %list = llvm.load %list_at : !llvm.ptr -> !llvm.ptr
  %is_over = llvm.icmp "eq" %list, %null : !llvm.ptr
  cf.cond_br %is_over, ^other, ^list
^list:
  %index_at = llvm.getelementptr %iterator[{LIST_ITERATOR_INDEX}] : (!llvm.ptr) -> !llvm.ptr, i8
  %index = llvm.load %index_at : !llvm.ptr -> i64
  %size_at = llvm.getelementptr %list[{OB_SIZE}] : (!llvm.ptr) -> !llvm.ptr, i8
  %size = llvm.load %size_at : !llvm.ptr -> i64
  %inside = arith.cmpi slt, %index, %size : i64
  cf.cond_br %inside weights([2000, 1]), ^inside, ^other
^inside:
  %next = arith.addi %index, %one : i64
  llvm.store %next, %index_at : i64, !llvm.ptr
  %items_at = llvm.getelementptr %list[{LIST_ITEMS}] : (!llvm.ptr) -> !llvm.ptr, i8
  %items = llvm.load %items_at : !llvm.ptr -> !llvm.ptr
  %item_at = llvm.getelementptr %items[%index] : (!llvm.ptr, i64) -> !llvm.ptr, !llvm.ptr
  %item = llvm.load %item_at : !llvm.ptr -> !llvm.ptr
  func.call @incref(%item) : (!llvm.ptr) -> ()
  cf.br ^done(%item : !llvm.ptr)
^other:
  %found = func.call @sw_for_iter(%ts, %iterator) : (!llvm.ptr, !llvm.ptr) -> !llvm.ptr
  cf.br ^done(%found : !llvm.ptr)
^done(%result: !llvm.ptr):
  func.return %result : !llvm.ptr
}

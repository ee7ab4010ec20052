// The new item is in place before the old one is dropped: dropping can run Python that looks.
func.func private @store_index(%container: !llvm.ptr, %index: i64, %value: !llvm.ptr) -> i32 attributes {llvm.linkage = #llvm.linkage<internal>} {
  %stored = arith.constant 0 : i32
  %type_at = llvm.getelementptr %container[{OB_TYPE}] : (!llvm.ptr) -> !llvm.ptr, i8
  %type = llvm.load %type_at {OF_TYPE} : !llvm.ptr -> !llvm.ptr
  %list = llvm.mlir.addressof @PyList_Type : !llvm.ptr
  %is_list = llvm.icmp "eq" %type, %list : !llvm.ptr
  cf.cond_br %is_list weights([2000, 1]), ^list, ^other
^list:
  %size_at = llvm.getelementptr %container[{OB_SIZE}] : (!llvm.ptr) -> !llvm.ptr, i8
  %size = llvm.load %size_at {OF_LIST} : !llvm.ptr -> i64
  %inside = arith.cmpi ult, %index, %size : i64
  cf.cond_br %inside weights([2000, 1]), ^inside, ^other
^inside:
  %items_at = llvm.getelementptr %container[{LIST_ITEMS}] : (!llvm.ptr) -> !llvm.ptr, i8
  %items = llvm.load %items_at {OF_LIST} : !llvm.ptr -> !llvm.ptr
  %item_at = llvm.getelementptr %items[%index] : (!llvm.ptr, i64) -> !llvm.ptr, !llvm.ptr
  %old = llvm.load %item_at {OF_ITEM} : !llvm.ptr -> !llvm.ptr
  func.call @incref(%value) : (!llvm.ptr) -> ()
  llvm.store %value, %item_at {OF_ITEM} : !llvm.ptr, !llvm.ptr
  func.call @decref(%old) : (!llvm.ptr) -> ()
  cf.br ^done(%stored : i32)
^other:
  %status = func.call @sw_store_index(%container, %index, %value) : (!llvm.ptr, i64, !llvm.ptr) -> i32
  cf.br ^done(%status : i32)
^done(%result: i32):
  func.return %result : i32
}

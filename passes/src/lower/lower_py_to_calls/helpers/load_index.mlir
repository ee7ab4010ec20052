// A negative index is a large one without a sign, and is left to the runtime.
func.func private @load_index(%container: !llvm.ptr, %index: i64) -> !llvm.ptr attributes {llvm.linkage = #llvm.linkage<internal>} {
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
  %item = llvm.load %item_at {OF_ITEM} : !llvm.ptr -> !llvm.ptr
  func.call @incref(%item) : (!llvm.ptr) -> ()
  cf.br ^done(%item : !llvm.ptr)
^other:
  %found = func.call @sw_load_index(%container, %index) : (!llvm.ptr, i64) -> !llvm.ptr
  cf.br ^done(%found : !llvm.ptr)
^done(%result: !llvm.ptr):
  func.return %result : !llvm.ptr
}

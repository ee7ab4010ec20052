// Only a list can be assigned to: a tuple is for the interpreter to refuse.
func.func private @store_item(%container: !llvm.ptr, %key: !llvm.ptr, %value: !llvm.ptr) -> i32 attributes {llvm.linkage = #llvm.linkage<internal>} {
  %null = llvm.mlir.zero : !llvm.ptr
  %zero = arith.constant 0 : i32
  %list = llvm.mlir.addressof @PyList_Type : !llvm.ptr
  %type_at = llvm.getelementptr %container[{OB_TYPE}] : (!llvm.ptr) -> !llvm.ptr, i8
  %type = llvm.load %type_at : !llvm.ptr -> !llvm.ptr
  %is_list = llvm.icmp "eq" %type, %list : !llvm.ptr
  cf.cond_br %is_list, ^list, ^other
^list:
  %place = func.call @item_at(%container, %key) : (!llvm.ptr, !llvm.ptr) -> !llvm.ptr
  %none = llvm.icmp "eq" %place, %null : !llvm.ptr
  cf.cond_br %none, ^other, ^item
^item:
  %old = llvm.load %place : !llvm.ptr -> !llvm.ptr
  func.call @incref(%value) : (!llvm.ptr) -> ()
  llvm.store %value, %place : !llvm.ptr, !llvm.ptr
  func.call @decref(%old) : (!llvm.ptr) -> ()
  func.return %zero : i32
^other:
  %slow = func.call @sw_store_subscr(%container, %key, %value) : (!llvm.ptr, !llvm.ptr, !llvm.ptr) -> i32
  func.return %slow : i32
}

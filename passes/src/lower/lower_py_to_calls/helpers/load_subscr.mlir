// A list, and an int of one digit that is not negative: the two low bits of its tag are 0 or, for zero, 1.
func.func private @load_subscr(%container: !llvm.ptr, %key: !llvm.ptr) -> !llvm.ptr attributes {llvm.linkage = #llvm.linkage<internal>} {
  %type_at = llvm.getelementptr %container[{OB_TYPE}] : (!llvm.ptr) -> !llvm.ptr, i8
  %type = llvm.load %type_at {OF_TYPE} : !llvm.ptr -> !llvm.ptr
  %list = llvm.mlir.addressof @PyList_Type : !llvm.ptr
  %is_list = llvm.icmp "eq" %type, %list : !llvm.ptr
  cf.cond_br %is_list, ^list, ^other
^list:
  %key_type_at = llvm.getelementptr %key[{OB_TYPE}] : (!llvm.ptr) -> !llvm.ptr, i8
  %key_type = llvm.load %key_type_at {OF_TYPE} : !llvm.ptr -> !llvm.ptr
  %int = llvm.mlir.addressof @PyLong_Type : !llvm.ptr
  %is_int = llvm.icmp "eq" %key_type, %int : !llvm.ptr
  cf.cond_br %is_int weights([2000, 1]), ^int, ^other
^int:
  %unlike = arith.constant -10 : i64
  %none = arith.constant 0 : i64
  %tag_at = llvm.getelementptr %key[{LONG_TAG}] : (!llvm.ptr) -> !llvm.ptr, i8
  %tag = llvm.load %tag_at {OF_INT} : !llvm.ptr -> i64
  %masked = arith.andi %tag, %unlike : i64
  %small = arith.cmpi eq, %masked, %none : i64
  cf.cond_br %small weights([2000, 1]), ^small, ^other
^small:
  %digit_at = llvm.getelementptr %key[{LONG_DIGITS}] : (!llvm.ptr) -> !llvm.ptr, i8
  %digit = llvm.load %digit_at {OF_INT} : !llvm.ptr -> i32
  %index = arith.extui %digit : i32 to i64
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
  %found = func.call @sw_load_subscr(%container, %key) : (!llvm.ptr, !llvm.ptr) -> !llvm.ptr
  cf.br ^done(%found : !llvm.ptr)
^done(%result: !llvm.ptr):
  func.return %result : !llvm.ptr
}

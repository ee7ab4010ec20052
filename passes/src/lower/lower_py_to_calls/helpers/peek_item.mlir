// Whether there is an item, whether the iterator is at its end, the item, and its index. Where there is none, `None` stands
// for it, which is no number.
func.func private @peek_item(%iterator: !llvm.ptr) -> (i1, i1, !llvm.ptr, i64) attributes {llvm.linkage = #llvm.linkage<internal>} {
  %false = arith.constant false
  %true = arith.constant true
  %zero = arith.constant 0 : i64
  %null = llvm.mlir.zero : !llvm.ptr
  %none = llvm.mlir.addressof @_Py_NoneStruct : !llvm.ptr
  %type_at = llvm.getelementptr %iterator[{OB_TYPE}] : (!llvm.ptr) -> !llvm.ptr, i8
  %type = llvm.load %type_at {OF_TYPE} : !llvm.ptr -> !llvm.ptr
  %list_iterator = llvm.mlir.addressof @PyListIter_Type : !llvm.ptr
  %tuple_iterator = llvm.mlir.addressof @PyTupleIter_Type : !llvm.ptr
  %is_list = llvm.icmp "eq" %type, %list_iterator : !llvm.ptr
  %is_tuple = llvm.icmp "eq" %type, %tuple_iterator : !llvm.ptr
  %is_known = arith.ori %is_list, %is_tuple : i1
  cf.cond_br %is_known weights([2000, 1]), ^iterator, ^done(%false, %false, %none, %zero : i1, i1, !llvm.ptr, i64)
^iterator:
  %sequence_at = llvm.getelementptr %iterator[{LIST_ITERATOR_LIST}] : (!llvm.ptr) -> !llvm.ptr, i8
  %sequence = llvm.load %sequence_at {OF_ITERATOR} : !llvm.ptr -> !llvm.ptr
  %is_over = llvm.icmp "eq" %sequence, %null : !llvm.ptr
  cf.cond_br %is_over weights([1, 2000]), ^done(%false, %true, %none, %zero : i1, i1, !llvm.ptr, i64), ^sequence
^sequence:
  %index_at = llvm.getelementptr %iterator[{LIST_ITERATOR_INDEX}] : (!llvm.ptr) -> !llvm.ptr, i8
  %index = llvm.load %index_at {OF_ITERATOR} : !llvm.ptr -> i64
  %size_at = llvm.getelementptr %sequence[{OB_SIZE}] : (!llvm.ptr) -> !llvm.ptr, i8
  %size = llvm.load %size_at {OF_LIST} : !llvm.ptr -> i64
  %inside = arith.cmpi slt, %index, %size : i64
  cf.cond_br %inside weights([2000, 1]), ^inside, ^end
^inside:
  %of_tuple = llvm.getelementptr %sequence[{TUPLE_ITEMS}] : (!llvm.ptr) -> !llvm.ptr, i8
  cf.cond_br %is_list, ^list, ^items(%of_tuple : !llvm.ptr)
^list:
  %items_at = llvm.getelementptr %sequence[{LIST_ITEMS}] : (!llvm.ptr) -> !llvm.ptr, i8
  %of_list = llvm.load %items_at {OF_LIST} : !llvm.ptr -> !llvm.ptr
  cf.br ^items(%of_list : !llvm.ptr)
^items(%items: !llvm.ptr):
  %item_at = llvm.getelementptr %items[%index] : (!llvm.ptr, i64) -> !llvm.ptr, !llvm.ptr
  %item = llvm.load %item_at {OF_ITEM} : !llvm.ptr -> !llvm.ptr
  cf.br ^done(%true, %false, %item, %index : i1, i1, !llvm.ptr, i64)
^end:
  %failed = arith.constant 0 : i32
  %status = func.call @sw_end_items(%iterator) : (!llvm.ptr) -> i32
  %ended = arith.cmpi ne, %status, %failed : i32
  cf.br ^done(%false, %ended, %none, %zero : i1, i1, !llvm.ptr, i64)
^done(%has: i1, %is_end: i1, %found: !llvm.ptr, %place: i64):
  func.return %has, %is_end, %found, %place : i1, i1, !llvm.ptr, i64
}

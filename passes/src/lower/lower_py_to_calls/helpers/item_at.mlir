// The place of the item of a list or tuple at an int, or null when that is not what the operands are. An int that
// counts from the end is for the interpreter to resolve.
func.func private @item_at(%container: !llvm.ptr, %key: !llvm.ptr) -> !llvm.ptr attributes {llvm.linkage = #llvm.linkage<internal>} {
  %null = llvm.mlir.zero : !llvm.ptr
  %eight = arith.constant 8 : i64
  %int = llvm.mlir.addressof @PyLong_Type : !llvm.ptr
  %list = llvm.mlir.addressof @PyList_Type : !llvm.ptr
  %tuple = llvm.mlir.addressof @PyTuple_Type : !llvm.ptr
  %key_type_at = llvm.getelementptr %key[{OB_TYPE}] : (!llvm.ptr) -> !llvm.ptr, i8
  %key_type = llvm.load %key_type_at : !llvm.ptr -> !llvm.ptr
  %is_int = llvm.icmp "eq" %key_type, %int : !llvm.ptr
  cf.cond_br %is_int, ^int, ^other
^int:
  %index, %compact = func.call @compact(%key) : (!llvm.ptr) -> (i64, i1)
  cf.cond_br %compact, ^compact, ^other
^compact:
  %type_at = llvm.getelementptr %container[{OB_TYPE}] : (!llvm.ptr) -> !llvm.ptr, i8
  %type = llvm.load %type_at : !llvm.ptr -> !llvm.ptr
  %is_list = llvm.icmp "eq" %type, %list : !llvm.ptr
  cf.cond_br %is_list, ^list, ^no_list
^no_list:
  %is_tuple = llvm.icmp "eq" %type, %tuple : !llvm.ptr
  cf.cond_br %is_tuple, ^tuple, ^other
^list:
  %items_at = llvm.getelementptr %container[{LIST_ITEMS}] : (!llvm.ptr) -> !llvm.ptr, i8
  %items = llvm.load %items_at : !llvm.ptr -> !llvm.ptr
  cf.br ^items(%items : !llvm.ptr)
^tuple:
  %first = llvm.getelementptr %container[{TUPLE_ITEMS}] : (!llvm.ptr) -> !llvm.ptr, i8
  cf.br ^items(%first : !llvm.ptr)
^items(%base: !llvm.ptr):
  %size_at = llvm.getelementptr %container[{OB_SIZE}] : (!llvm.ptr) -> !llvm.ptr, i8
  %size = llvm.load %size_at : !llvm.ptr -> i64
  %inside = arith.cmpi ult, %index, %size : i64
  cf.cond_br %inside, ^inside, ^other
^inside:
  %offset = arith.muli %index, %eight : i64
  %place = llvm.getelementptr %base[%offset] : (!llvm.ptr, i64) -> !llvm.ptr, i8
  func.return %place : !llvm.ptr
^other:
  func.return %null : !llvm.ptr
}

// A tuple has its items in itself. Null is no sequence.
func.func private @sequence_items(%object: !llvm.ptr) -> (i1, i64, i64) attributes {llvm.linkage = #llvm.linkage<internal>} {
  %false = arith.constant false
  %true = arith.constant true
  %zero = arith.constant 0 : i64
  %null = llvm.mlir.zero : !llvm.ptr
  %unbound = llvm.icmp "eq" %object, %null : !llvm.ptr
  cf.cond_br %unbound weights([1, 2000]), ^done(%false, %zero, %zero : i1, i64, i64), ^bound
^bound:
  %type_at = llvm.getelementptr %object[{OB_TYPE}] : (!llvm.ptr) -> !llvm.ptr, i8
  %type = llvm.load %type_at {OF_TYPE} : !llvm.ptr -> !llvm.ptr
  %tuple = llvm.mlir.addressof @PyTuple_Type : !llvm.ptr
  %is_tuple = llvm.icmp "eq" %type, %tuple : !llvm.ptr
  cf.cond_br %is_tuple, ^tuple, ^other
^tuple:
  %size_at = llvm.getelementptr %object[{OB_SIZE}] : (!llvm.ptr) -> !llvm.ptr, i8
  %size = llvm.load %size_at {OF_LIST} : !llvm.ptr -> i64
  %items_at = llvm.getelementptr %object[{TUPLE_ITEMS}] : (!llvm.ptr) -> !llvm.ptr, i8
  %items = llvm.ptrtoint %items_at : !llvm.ptr to i64
  cf.br ^done(%true, %items, %size : i1, i64, i64)
^other:
  %list:3 = func.call @list_items(%object) : (!llvm.ptr) -> (i1, i64, i64)
  cf.br ^done(%list#0, %list#1, %list#2 : i1, i64, i64)
^done(%ok: i1, %first: i64, %length: i64):
  func.return %ok, %first, %length : i1, i64, i64
}

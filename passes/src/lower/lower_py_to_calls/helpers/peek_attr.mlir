// As `load_attr`, but borrowed; null where there is nothing or Python code would have to run.
func.func private @peek_attr(%object: !llvm.ptr, %name: !llvm.ptr, %cache: !llvm.ptr) -> !llvm.ptr attributes {llvm.linkage = #llvm.linkage<internal>} {
  %null = llvm.mlir.zero : !llvm.ptr
  %unused = arith.constant 0 : i8
  %type_at = llvm.getelementptr %object[{OB_TYPE}] : (!llvm.ptr) -> !llvm.ptr, i8
  %type = llvm.load %type_at {OF_TYPE} : !llvm.ptr -> !llvm.ptr
  %version_at = llvm.getelementptr %type[{TYPE_VERSION}] : (!llvm.ptr) -> !llvm.ptr, i8
  %version = llvm.load %version_at {OF_VERSION} : !llvm.ptr -> i32
  %wide = arith.extui %version : i32 to i64
  %kind = arith.constant {PLACE_OF_VERSION} : i64
  %wanted = arith.ori %wide, %kind : i64
  %known = llvm.load %cache {OF_CACHE} : !llvm.ptr -> i64
  %same = arith.cmpi eq, %known, %wanted : i64
  cf.cond_br %same weights([2000, 1]), ^known, ^other
^known:
  %guard_at = llvm.getelementptr %cache[{CACHE_GUARD}] : (!llvm.ptr) -> !llvm.ptr, i8
  %guard = llvm.load %guard_at {OF_CACHE} : !llvm.ptr -> i64
  %used_at = llvm.getelementptr %object[%guard] : (!llvm.ptr, i64) -> !llvm.ptr, i8
  %used = llvm.load %used_at {OF_DICT} : !llvm.ptr -> i8
  %is_used = arith.cmpi ne, %used, %unused : i8
  cf.cond_br %is_used weights([2000, 1]), ^used, ^other
^used:
  %place_at = llvm.getelementptr %cache[{CACHE_PLACE}] : (!llvm.ptr) -> !llvm.ptr, i8
  %place = llvm.load %place_at {OF_CACHE} : !llvm.ptr -> i64
  %value_at = llvm.getelementptr %object[%place] : (!llvm.ptr, i64) -> !llvm.ptr, i8
  %value = llvm.load %value_at {OF_ITEM} : !llvm.ptr -> !llvm.ptr
  %is_null = llvm.icmp "eq" %value, %null : !llvm.ptr
  cf.cond_br %is_null weights([1, 2000]), ^other, ^done(%value : !llvm.ptr)
^other:
  %found = func.call @sw_peek_attr(%object, %name, %cache) : (!llvm.ptr, !llvm.ptr, !llvm.ptr) -> !llvm.ptr
  cf.br ^done(%found : !llvm.ptr)
^done(%result: !llvm.ptr):
  func.return %result : !llvm.ptr
}

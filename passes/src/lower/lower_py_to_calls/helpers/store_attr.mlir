// As `load_attr`. Values in the instance are not written behind the back of a dict beside them. The new value is in place
// before the old one is dropped: dropping can run Python that looks.
func.func private @store_attr(%object: !llvm.ptr, %name: !llvm.ptr, %value: !llvm.ptr, %cache: !llvm.ptr) -> i32 attributes {llvm.linkage = #llvm.linkage<internal>} {
  %stored = arith.constant 0 : i32
  %null = llvm.mlir.zero : !llvm.ptr
  %unused = arith.constant 0 : i8
  %of_values = arith.constant {VALUES_VALID} : i64
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
  %in_values = arith.cmpi eq, %guard, %of_values : i64
  cf.cond_br %in_values, ^dict, ^place
^dict:
  %dict_at = llvm.getelementptr %object[-{MANAGED_DICT}] : (!llvm.ptr) -> !llvm.ptr, i8
  %dict = llvm.load %dict_at {OF_DICT} : !llvm.ptr -> !llvm.ptr
  %alone = llvm.icmp "eq" %dict, %null : !llvm.ptr
  cf.cond_br %alone weights([2000, 1]), ^place, ^other
^place:
  %place_at = llvm.getelementptr %cache[{CACHE_PLACE}] : (!llvm.ptr) -> !llvm.ptr, i8
  %place = llvm.load %place_at {OF_CACHE} : !llvm.ptr -> i64
  %value_at = llvm.getelementptr %object[%place] : (!llvm.ptr, i64) -> !llvm.ptr, i8
  %old = llvm.load %value_at {OF_ITEM} : !llvm.ptr -> !llvm.ptr
  %is_new = llvm.icmp "eq" %old, %null : !llvm.ptr
  cf.cond_br %is_new, ^other, ^replace
^replace:
  func.call @incref(%value) : (!llvm.ptr) -> ()
  llvm.store %value, %value_at : !llvm.ptr, !llvm.ptr
  func.call @decref(%old) : (!llvm.ptr) -> ()
  cf.br ^done(%stored : i32)
^other:
  %status = func.call @sw_store_attr(%object, %name, %value, %cache) : (!llvm.ptr, !llvm.ptr, !llvm.ptr, !llvm.ptr) -> i32
  cf.br ^done(%status : i32)
^done(%result: i32):
  func.return %result : i32
}

// As `store_attr`, where nobody can notice the end of what was there: others hold it, or there was nothing in a slot.
func.func private @poke_attr(%object: !llvm.ptr, %name: !llvm.ptr, %value: !llvm.ptr, %cache: !llvm.ptr) -> i1 attributes {llvm.linkage = #llvm.linkage<internal>} {
  %stored = arith.constant true
  %zero = arith.constant 0 : i32
  %one = arith.constant 1 : i64
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
  cf.cond_br %is_new, ^new, ^count
^new:
  cf.cond_br %in_values, ^other, ^first
^first:
  func.call @incref(%value) : (!llvm.ptr) -> ()
  llvm.store %value, %value_at : !llvm.ptr, !llvm.ptr
  cf.br ^done(%stored : i1)
^count:
  %count = llvm.load %old {OF_COUNT} : !llvm.ptr -> i64
  %low = arith.trunci %count : i64 to i32
  %immortal = arith.cmpi slt, %low, %zero : i32
  cf.cond_br %immortal, ^replace, ^mortal
^mortal:
  %shared = arith.cmpi sgt, %count, %one : i64
  cf.cond_br %shared, ^drop, ^other
^drop:
  %less = arith.subi %count, %one : i64
  llvm.store %less, %old {OF_COUNT} : i64, !llvm.ptr
  cf.br ^replace
^replace:
  func.call @incref(%value) : (!llvm.ptr) -> ()
  llvm.store %value, %value_at : !llvm.ptr, !llvm.ptr
  cf.br ^done(%stored : i1)
^other:
  %status = func.call @sw_poke_attr(%object, %name, %value, %cache) : (!llvm.ptr, !llvm.ptr, !llvm.ptr, !llvm.ptr) -> i32
  %was_stored = arith.cmpi ne, %status, %zero : i32
  cf.br ^done(%was_stored : i1)
^done(%result: i1):
  func.return %result : i1
}

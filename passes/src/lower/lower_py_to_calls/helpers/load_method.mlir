// What is known is the method of the class. An instance can have something in front of it unless it has no dict, or its
// values are in use and share as many names as they did.
func.func private @load_method(%object: !llvm.ptr, %name: !llvm.ptr, %cache: !llvm.ptr, %out: !llvm.ptr) -> !llvm.ptr attributes {llvm.linkage = #llvm.linkage<internal>} {
  %unused = arith.constant 0 : i8
  %no_dict = arith.constant -1 : i64
  %type_at = llvm.getelementptr %object[{OB_TYPE}] : (!llvm.ptr) -> !llvm.ptr, i8
  %type = llvm.load %type_at {OF_TYPE} : !llvm.ptr -> !llvm.ptr
  %version_at = llvm.getelementptr %type[{TYPE_VERSION}] : (!llvm.ptr) -> !llvm.ptr, i8
  %version = llvm.load %version_at {OF_VERSION} : !llvm.ptr -> i32
  %wide = arith.extui %version : i32 to i64
  %kind = arith.constant {METHOD_OF_VERSION} : i64
  %wanted = arith.ori %wide, %kind : i64
  %known = llvm.load %cache {OF_CACHE} : !llvm.ptr -> i64
  %same = arith.cmpi eq, %known, %wanted : i64
  cf.cond_br %same weights([2000, 1]), ^known, ^other
^known:
  %guard_at = llvm.getelementptr %cache[{CACHE_GUARD}] : (!llvm.ptr) -> !llvm.ptr, i8
  %guard = llvm.load %guard_at {OF_CACHE} : !llvm.ptr -> i64
  %plain = arith.cmpi eq, %guard, %no_dict : i64
  cf.cond_br %plain, ^free, ^dict
^dict:
  %has_values = arith.cmpi sgt, %guard, %no_dict : i64
  cf.cond_br %has_values weights([2000, 1]), ^values, ^other
^values:
  %used_at = llvm.getelementptr %object[{VALUES_VALID}] : (!llvm.ptr) -> !llvm.ptr, i8
  %used = llvm.load %used_at {OF_DICT} : !llvm.ptr -> i8
  %is_used = arith.cmpi ne, %used, %unused : i8
  cf.cond_br %is_used weights([2000, 1]), ^names, ^other
^names:
  %keys_at = llvm.getelementptr %type[{TYPE_KEYS}] : (!llvm.ptr) -> !llvm.ptr, i8
  %keys = llvm.load %keys_at {OF_VERSION} : !llvm.ptr -> !llvm.ptr
  %count_at = llvm.getelementptr %keys[{KEYS_ENTRIES}] : (!llvm.ptr) -> !llvm.ptr, i8
  %count = llvm.load %count_at {OF_VERSION} : !llvm.ptr -> i64
  %shared = arith.cmpi eq, %count, %guard : i64
  cf.cond_br %shared weights([2000, 1]), ^free, ^other
^free:
  %value_at = llvm.getelementptr %cache[{CACHE_VALUE}] : (!llvm.ptr) -> !llvm.ptr, i8
  %value = llvm.load %value_at {OF_CACHE} : !llvm.ptr -> !llvm.ptr
  func.call @incref(%value) : (!llvm.ptr) -> ()
  func.call @incref(%object) : (!llvm.ptr) -> ()
  llvm.store %object, %out : !llvm.ptr, !llvm.ptr
  cf.br ^done(%value : !llvm.ptr)
^other:
  %found = func.call @sw_load_method(%object, %name, %cache, %out) : (!llvm.ptr, !llvm.ptr, !llvm.ptr, !llvm.ptr) -> !llvm.ptr
  cf.br ^done(%found : !llvm.ptr)
^done(%result: !llvm.ptr):
  func.return %result : !llvm.ptr
}

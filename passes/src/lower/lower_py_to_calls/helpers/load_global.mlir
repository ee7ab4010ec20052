// A dict has a version that no other state of any dict had: the value is what it was as long as both are the same.
func.func private @load_global(%ts: !llvm.ptr, %frame: !llvm.ptr, %name: !llvm.ptr, %cache: !llvm.ptr) -> !llvm.ptr attributes {llvm.linkage = #llvm.linkage<internal>} {
  %globals_at = llvm.getelementptr %frame[{FRAME_GLOBALS}] : (!llvm.ptr) -> !llvm.ptr, i8
  %globals = llvm.load %globals_at : !llvm.ptr -> !llvm.ptr
  %globals_version_at = llvm.getelementptr %globals[{DICT_VERSION}] : (!llvm.ptr) -> !llvm.ptr, i8
  %globals_version = llvm.load %globals_version_at : !llvm.ptr -> i64
  %known_globals = llvm.load %cache : !llvm.ptr -> i64
  %same_globals = arith.cmpi eq, %globals_version, %known_globals : i64
  cf.cond_br %same_globals weights([2000, 1]), ^builtins, ^other
^builtins:
  %builtins_at = llvm.getelementptr %frame[{FRAME_BUILTINS}] : (!llvm.ptr) -> !llvm.ptr, i8
  %builtins = llvm.load %builtins_at : !llvm.ptr -> !llvm.ptr
  %builtins_version_at = llvm.getelementptr %builtins[{DICT_VERSION}] : (!llvm.ptr) -> !llvm.ptr, i8
  %builtins_version = llvm.load %builtins_version_at : !llvm.ptr -> i64
  %known_builtins_at = llvm.getelementptr %cache[8] : (!llvm.ptr) -> !llvm.ptr, i8
  %known_builtins = llvm.load %known_builtins_at : !llvm.ptr -> i64
  %same_builtins = arith.cmpi eq, %builtins_version, %known_builtins : i64
  cf.cond_br %same_builtins weights([2000, 1]), ^known, ^other
^known:
  %value_at = llvm.getelementptr %cache[16] : (!llvm.ptr) -> !llvm.ptr, i8
  %value = llvm.load %value_at : !llvm.ptr -> !llvm.ptr
  func.call @incref(%value) : (!llvm.ptr) -> ()
  cf.br ^done(%value : !llvm.ptr)
^other:
  %found = func.call @sw_load_global_cached(%ts, %frame, %name, %cache) : (!llvm.ptr, !llvm.ptr, !llvm.ptr, !llvm.ptr) -> !llvm.ptr
  cf.br ^done(%found : !llvm.ptr)
^done(%result: !llvm.ptr):
  func.return %result : !llvm.ptr
}

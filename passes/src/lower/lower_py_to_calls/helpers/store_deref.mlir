// The new object is in place before the old one is dropped: dropping can run Python that looks.
func.func private @store_deref(%cell: !llvm.ptr, %new: !llvm.ptr) attributes {llvm.linkage = #llvm.linkage<internal>} {
  %contents_at = llvm.getelementptr %cell[{CELL_CONTENTS}] : (!llvm.ptr) -> !llvm.ptr, i8
  %old = llvm.load %contents_at : !llvm.ptr -> !llvm.ptr
  llvm.store %new, %contents_at : !llvm.ptr, !llvm.ptr
  func.call @xdecref(%old) : (!llvm.ptr) -> ()
  func.return
}

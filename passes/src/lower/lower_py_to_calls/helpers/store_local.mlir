// The new object is in place before the old one is dropped: dropping can run Python that looks.
func.func private @store_local(%place: !llvm.ptr, %new: !llvm.ptr) attributes {llvm.linkage = #llvm.linkage<internal>} {
  %old = llvm.load %place : !llvm.ptr -> !llvm.ptr
  llvm.store %new, %place : !llvm.ptr, !llvm.ptr
  func.call @xdecref(%old) : (!llvm.ptr) -> ()
  func.return
}

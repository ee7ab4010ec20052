func.func private @load_item(%place: !llvm.ptr) -> !llvm.ptr attributes {llvm.linkage = #llvm.linkage<internal>} {
  %item = llvm.load %place {OF_ITEM} : !llvm.ptr -> !llvm.ptr
  func.return %item : !llvm.ptr
}

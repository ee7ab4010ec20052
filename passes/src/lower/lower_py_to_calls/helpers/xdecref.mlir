func.func private @xdecref(%object: !llvm.ptr) attributes {llvm.linkage = #llvm.linkage<internal>} {
  %null = llvm.mlir.zero : !llvm.ptr
  %is_null = llvm.icmp "eq" %object, %null : !llvm.ptr
  cf.cond_br %is_null, ^done, ^count
^count:
  func.call @decref(%object) : (!llvm.ptr) -> ()
  cf.br ^done
^done:
  func.return
}

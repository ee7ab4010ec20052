func.func private @write_attr_float(%object: !llvm.ptr, %name: !llvm.ptr, %cache: !llvm.ptr, %value: f64) -> i1 attributes {llvm.linkage = #llvm.linkage<internal>} {
  %false = arith.constant false
  %null = llvm.mlir.zero : !llvm.ptr
  %place = func.call @attr_place(%object, %name, %cache) : (!llvm.ptr, !llvm.ptr, !llvm.ptr) -> !llvm.ptr
  %nowhere = llvm.icmp "eq" %place, %null : !llvm.ptr
  cf.cond_br %nowhere weights([1, 2000]), ^done(%false : i1), ^place
^place:
  %written = func.call @write_float(%place, %value) : (!llvm.ptr, f64) -> i1
  cf.br ^done(%written : i1)
^done(%ok: i1):
  func.return %ok : i1
}

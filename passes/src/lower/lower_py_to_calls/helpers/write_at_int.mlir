// Where there is nothing there is nothing to replace.
func.func private @write_at_int(%place: !llvm.ptr, %value: i64) -> i1 attributes {llvm.linkage = #llvm.linkage<internal>} {
  %false = arith.constant false
  %null = llvm.mlir.zero : !llvm.ptr
  %nowhere = llvm.icmp "eq" %place, %null : !llvm.ptr
  cf.cond_br %nowhere weights([1, 2000]), ^done(%false : i1), ^place
^place:
  %old = llvm.load %place {OF_ITEM} : !llvm.ptr -> !llvm.ptr
  %nothing = llvm.icmp "eq" %old, %null : !llvm.ptr
  cf.cond_br %nothing weights([1, 2000]), ^done(%false : i1), ^there
^there:
  %written = func.call @write_int(%place, %value) : (!llvm.ptr, i64) -> i1
  cf.br ^done(%written : i1)
^done(%ok: i1):
  func.return %ok : i1
}

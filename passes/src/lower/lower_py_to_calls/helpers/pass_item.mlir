// Moves an iterator behind its item, if that is one.
func.func private @pass_item(%iterator: !llvm.ptr, %index: i64, %ok: i1) attributes {llvm.linkage = #llvm.linkage<internal>} {
  cf.cond_br %ok weights([2000, 1]), ^pass, ^done
^pass:
  %one = arith.constant 1 : i64
  %next = arith.addi %index, %one : i64
  %index_at = llvm.getelementptr %iterator[{LIST_ITERATOR_INDEX}] : (!llvm.ptr) -> !llvm.ptr, i8
  llvm.store %next, %index_at {OF_ITERATOR} : i64, !llvm.ptr
  cf.br ^done
^done:
  func.return
}

// An immortal object has all of the low 32 bits set: one more is zero, and nothing is written.
func.func private @incref(%object: !llvm.ptr) attributes {llvm.linkage = #llvm.linkage<internal>} {
  %zero = arith.constant 0 : i32
  %one = arith.constant 1 : i32
  %count = llvm.load %object {OF_COUNT} : !llvm.ptr -> i32
  %more = arith.addi %count, %one : i32
  %immortal = arith.cmpi eq, %more, %zero : i32
  cf.cond_br %immortal, ^done, ^count
^count:
  llvm.store %more, %object {OF_COUNT} : i32, !llvm.ptr
  cf.br ^done
^done:
  func.return
}

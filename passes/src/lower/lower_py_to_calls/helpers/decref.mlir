// The low 32 bits of an immortal object's count are negative.
func.func private @decref(%object: !llvm.ptr) attributes {llvm.linkage = #llvm.linkage<internal>} {
  %zero = arith.constant 0 : i32
  %one = arith.constant 1 : i64
  %none = arith.constant 0 : i64
  %count = llvm.load %object {OF_COUNT} : !llvm.ptr -> i64
  %low = arith.trunci %count : i64 to i32
  %immortal = arith.cmpi slt, %low, %zero : i32
  cf.cond_br %immortal, ^done, ^count
^count:
  %less = arith.subi %count, %one : i64
  llvm.store %less, %object {OF_COUNT} : i64, !llvm.ptr
  %last = arith.cmpi eq, %less, %none : i64
  cf.cond_br %last weights([1, 20]), ^free, ^done
^free:
  func.call @sw_free(%object) : (!llvm.ptr) -> ()
  cf.br ^done
^done:
  func.return
}

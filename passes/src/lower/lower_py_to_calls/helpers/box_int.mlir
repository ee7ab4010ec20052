// The small ints are there once and for all, and nobody counts them.
func.func private @box_int(%value: i64) -> !llvm.ptr attributes {llvm.linkage = #llvm.linkage<internal>} {
  %five = arith.constant 5 : i64
  %smallest = arith.addi %value, %five : i64
  %smalls = arith.constant 262 : i64
  %small = arith.cmpi ult, %smallest, %smalls : i64
  cf.cond_br %small, ^small, ^large
^small:
  %runtime = llvm.mlir.addressof @_PyRuntime : !llvm.ptr
  %size = arith.constant {SMALL_INT} : i64
  %distance = arith.muli %value, %size : i64
  %base = llvm.getelementptr %runtime[{SMALL_INTS}] : (!llvm.ptr) -> !llvm.ptr, i8
  %known = llvm.getelementptr %base[%distance] : (!llvm.ptr, i64) -> !llvm.ptr, i8
  cf.br ^done(%known : !llvm.ptr)
^large:
  %made = func.call @sw_box_int(%value) : (i64) -> !llvm.ptr
  cf.br ^done(%made : !llvm.ptr)
^done(%result: !llvm.ptr):
  func.return %result : !llvm.ptr
}

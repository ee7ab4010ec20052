// The value of an int of at most one digit, and whether it is one.
func.func private @compact(%object: !llvm.ptr) -> (i64, i1) attributes {llvm.linkage = #llvm.linkage<internal>} {
  %one = arith.constant 1 : i64
  %three = arith.constant 3 : i64
  %sixteen = arith.constant 16 : i64
  %tag_at = llvm.getelementptr %object[{LONG_TAG}] : (!llvm.ptr) -> !llvm.ptr, i8
  %tag = llvm.load %tag_at : !llvm.ptr -> i64
  %compact = arith.cmpi ult, %tag, %sixteen : i64
  %digit_at = llvm.getelementptr %object[{LONG_DIGITS}] : (!llvm.ptr) -> !llvm.ptr, i8
  %digit = llvm.load %digit_at : !llvm.ptr -> i32
  %magnitude = arith.extui %digit : i32 to i64
  %sign_bits = arith.andi %tag, %three : i64
  %sign = arith.subi %one, %sign_bits : i64
  %value = arith.muli %magnitude, %sign : i64
  func.return %value, %compact : i64, i1
}

// The product is returned, too; the sum is on the stack of a division, which can leave.
func.func @f(%h: i64, %i: i64) -> (i64, i64, i64) {
  %c31 = arith.constant 31 : i64
  %mask = arith.constant 4294967295 : i64
  %s1 = py.frame_state 4 locals(%h, %i) stack(%h) : (i64, i64), (i64)
  %1 = num.mul %h, %c31 at %s1
  %2 = arith.andi %1, %mask : i64
  %s2 = py.frame_state 8 locals(%h, %i) stack(%h, %i) : (i64, i64), (i64, i64)
  %3 = num.add %h, %i at %s2
  %s3 = py.frame_state 12 locals(%h, %i) stack(%3, %h) : (i64, i64), (i64, i64)
  %4 = num.floordiv %h, %i at %s3
  %s4 = py.frame_state 16 locals(%h, %i) stack(%3, %4) : (i64, i64), (i64, i64)
  %5 = num.sub %3, %4 at %s4
  %6 = arith.andi %5, %mask : i64
  func.return %1, %2, %6 : i64, i64, i64
}

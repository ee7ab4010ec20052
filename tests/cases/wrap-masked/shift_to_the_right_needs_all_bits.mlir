// a = ((a << 5) | (a * 3 >> 27)) & 0xffffffff; a negative mask keeps the high bits.
func.func @f(%a: i64) -> (i64, i64) {
  %c3 = arith.constant 3 : i64
  %c5 = arith.constant 5 : i64
  %c27 = arith.constant 27 : i64
  %mask = arith.constant 4294967295 : i64
  %negative = arith.constant -8 : i64
  %s1 = py.frame_state 4 locals(%a) stack(%a) : (i64), (i64)
  %1 = num.shl %a, %c5 at %s1
  %s2 = py.frame_state 8 locals(%a) stack(%1, %a) : (i64), (i64, i64)
  %2 = num.mul %a, %c3 at %s2
  %s3 = py.frame_state 12 locals(%a) stack(%1, %2) : (i64), (i64, i64)
  %3 = num.shr %2, %c27 at %s3
  %4 = arith.ori %1, %3 : i64
  %5 = arith.andi %4, %mask : i64
  %s4 = py.frame_state 16 locals(%a) stack(%a) : (i64), (i64)
  %6 = num.add %a, %c5 at %s4
  %7 = arith.andi %6, %negative : i64
  func.return %5, %7 : i64, i64
}

// h = (h * 31 + i) & 0xffffffff, and a remainder by a power of two of a shift and a negation.
func.func @f(%h: i64, %i: i64) -> i64 {
  %0 = py.null
  %c31 = arith.constant 31 : i64
  %c5 = arith.constant 5 : i64
  %mask = arith.constant 4294967295 : i64
  %c1024 = arith.constant 1024 : i64
  %s1 = py.frame_state 4 locals(%h, %i) stack(%h) : (i64, i64), (i64)
  %1 = num.mul %h, %c31 at %s1
  %s2 = py.frame_state 8 locals(%h, %i) stack(%1, %i) : (i64, i64), (i64, i64)
  %2 = num.add %1, %i at %s2
  %3 = arith.andi %2, %mask : i64
  %s3 = py.frame_state 12 locals(%h, %i) stack(%3) : (i64, i64), (i64)
  %4 = num.shl %3, %c5 at %s3
  %s4 = py.frame_state 16 locals(%h, %i) stack(%4) : (i64, i64), (i64)
  %5 = num.neg %4 at %s4
  %s5 = py.frame_state 20 locals(%h, %i) stack(%5) : (i64, i64), (i64)
  %6 = num.mod %5, %c1024 at %s5
  func.return %6 : i64
}

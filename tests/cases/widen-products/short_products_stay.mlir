// Remainders by 1000000007 multiplied with each other have 60 bits.
func.func @f(%a: i64, %x: i64, %c: i64) -> i64 {
  %m = arith.constant 1000000007 : i64
  %s1 = py.frame_state 4 locals(%a, %x) stack(%a) : (i64, i64), (i64)
  %1 = num.mod %a, %m at %s1
  %2 = num.mod %x, %m at %s1
  %3 = num.mod %c, %m at %s1
  %s2 = py.frame_state 8 locals(%a, %x) stack(%1) : (i64, i64), (i64)
  %4 = num.mul %1, %2 at %s2
  %s3 = py.frame_state 12 locals(%a, %x) stack(%4, %3) : (i64, i64), (i64, i64)
  %5 = num.add %4, %3 at %s3
  %s4 = py.frame_state 16 locals(%a, %x) stack(%5) : (i64, i64), (i64)
  %6 = num.mod %5, %m at %s4
  func.return %6 : i64
}

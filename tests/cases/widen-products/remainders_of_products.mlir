// (a * x + c) % m, x * x % m and (c + a * x) % 7
func.func @f(%a: i64, %x: i64, %c: i64, %m: i64) -> (i64, i64, i64) {
  %c7 = arith.constant 7 : i64
  %s1 = py.frame_state 4 locals(%a, %x) stack(%a) : (i64, i64), (i64)
  %1 = num.mul %a, %x at %s1
  %s2 = py.frame_state 8 locals(%a, %x) stack(%1, %c) : (i64, i64), (i64, i64)
  %2 = num.add %1, %c at %s2
  %s3 = py.frame_state 12 locals(%a, %x) stack(%2, %m) : (i64, i64), (i64, i64)
  %3 = num.mod %2, %m at %s3
  %s4 = py.frame_state 16 locals(%a, %x) stack(%x) : (i64, i64), (i64)
  %4 = num.mul %x, %x at %s4
  %s5 = py.frame_state 20 locals(%a, %x) stack(%4) : (i64, i64), (i64)
  %5 = num.mod %4, %m at %s5
  %s6 = py.frame_state 24 locals(%a, %x) stack(%c) : (i64, i64), (i64)
  %6 = num.mul %a, %x at %s6
  %s7 = py.frame_state 28 locals(%a, %x) stack(%c, %6) : (i64, i64), (i64, i64)
  %7 = num.add %c, %6 at %s7
  %s8 = py.frame_state 32 locals(%a, %x) stack(%7) : (i64, i64), (i64)
  %8 = num.mod %7, %c7 at %s8
  func.return %3, %5, %8 : i64, i64, i64
}

// The first product is returned, too; a power of two is a mask; something happens before the last remainder.
func.func @f(%a: i64, %x: i64, %m: i64, %o: !py.object) -> (i64, i64, i64, i64) {
  %c8 = arith.constant 8 : i64
  %s1 = py.frame_state 4 locals(%a, %x) stack(%a) : (i64, i64), (i64)
  %1 = num.mul %a, %x at %s1
  %s2 = py.frame_state 8 locals(%a, %x) stack(%1) : (i64, i64), (i64)
  %2 = num.mod %1, %m at %s2
  %s3 = py.frame_state 12 locals(%a, %x) stack(%x) : (i64, i64), (i64)
  %3 = num.mul %x, %x at %s3
  %s4 = py.frame_state 16 locals(%a, %x) stack(%3) : (i64, i64), (i64)
  %4 = num.mod %3, %c8 at %s4
  %s5 = py.frame_state 20 locals(%a, %x) stack(%x) : (i64, i64), (i64)
  %5 = num.mul %x, %a at %s5
  %s6 = py.frame_state 24 locals(%a, %x) stack(%5, %o) : (i64, i64), (i64, !py.object)
  %6 = py.unbox %o at %s6 : i64
  %s7 = py.frame_state 28 locals(%a, %x) stack(%5, %6) : (i64, i64), (i64, i64)
  %7 = num.mod %5, %6 at %s7
  func.return %1, %2, %4, %7 : i64, i64, i64, i64
}

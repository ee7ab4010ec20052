func.func @f(%a: i64, %x: i64, %c: i64, %m: i64) -> i64 {
  %s1 = py.frame_state 4 locals(%a, %x) stack(%a) : (i64, i64), (i64)
  %1 = num.mulmod %a, %x plus %c by %m at %s1
  %2 = arith.addi %1, %a : i64
  func.return %2 : i64
}

func.func @f(%a: i64) -> i64 {
  %s = py.frame_state 8 locals(%a) stack() : (i64)
  %0 = arith.constant 8 : i64
  %1 = num.floordiv %a, %0 at %s
  func.return %1 : i64
}

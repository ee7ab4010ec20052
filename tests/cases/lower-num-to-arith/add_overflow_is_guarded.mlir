func.func @f(%a: i64, %b: i64) -> i64 {
  %s = py.frame_state 8 locals(%a) stack(%a, %b) : (i64), (i64, i64)
  %0 = num.add %a, %b at %s
  func.return %0 : i64
}

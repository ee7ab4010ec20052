func.func @f(%n: i64) -> (i64, i64) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %two = arith.constant 2 : i64
  %s = py.frame_state 8 locals(%n) stack() : (i64)
  %0 = num.range_length %zero, %n, %one at %s
  %1 = num.range_length %zero, %n, %two at %s
  func.return %0, %1 : i64, i64
}

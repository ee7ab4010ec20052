func.func @at(%i: i64, %n: i64) -> i64 {
  %s = py.frame_state 4 locals(%i) stack(%i, %n) : (i64), (i64, i64)
  %p = num.index %i in %n at %s {reason = "expected an index within the sequence"}
  return %p : i64
}

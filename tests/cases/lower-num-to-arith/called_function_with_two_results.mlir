func.func @f(%a: f64) -> i64 {
  %s = py.frame_state 8 locals(%a) stack() : (f64)
  %0:2 = num.call "math.frexp"(%a) at %s : (f64) -> f64, i64
  func.return %0#1 : i64
}

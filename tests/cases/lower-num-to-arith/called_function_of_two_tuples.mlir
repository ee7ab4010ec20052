func.func @f(%a: f64, %b: f64, %c: f64, %d: f64) -> f64 {
  %s = py.frame_state 8 locals(%a) stack(%b) : (f64), (f64)
  %0 = num.call "math.dist"(%a, %b, %c, %d) at %s {tuples = array<i32: 2, 2>} : (f64, f64, f64, f64) -> f64
  func.return %0 : f64
}

func.func @f(%a: f64, %b: f64) -> f64 {
  %s = py.frame_state 8 locals(%a) stack(%a, %b) : (f64), (f64, f64)
  %0 = num.powf %a, %b at %s
  %1 = num.powf %0, %b at %s
  func.return %1 : f64
}

func.func @f(%i: i64, %a: f64, %b: f64, %c: f64) -> f64 {
  %0 = num.choose %i of (%a, %b, %c) : (f64, f64, f64) -> f64
  func.return %0 : f64
}

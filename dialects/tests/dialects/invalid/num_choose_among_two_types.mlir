func.func @f(%i: i64, %x: f64) -> f64 {
  %0 = num.choose %i of (%x, %i) : (f64, i64) -> f64
  func.return %0 : f64
}

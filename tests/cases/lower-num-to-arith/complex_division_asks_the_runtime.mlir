func.func @f(%a: complex<f64>, %b: complex<f64>) -> complex<f64> {
  %s = py.frame_state 8 locals(%a) stack(%a, %b) : (complex<f64>), (complex<f64>, complex<f64>)
  %0 = num.divc %a, %b at %s
  func.return %0 : complex<f64>
}

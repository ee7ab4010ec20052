func.func @f(%x: i64, %s: !py.state) {
  %0 = py.check_bound %x, 0 "x" at %s : i64 -> f64
  func.return
}

func.func @f(%x: f64, %s: !py.state) {
  %0 = "num.add"(%x, %x, %s) : (f64, f64, !py.state) -> i64
  func.return
}

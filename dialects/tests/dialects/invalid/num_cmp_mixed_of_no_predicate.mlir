func.func @f(%i: i64, %f: f64, %s: !py.state) {
  %0 = num.cmp_mixed 6, %i, %f at %s
  func.return
}

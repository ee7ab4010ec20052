func.func @f(%x: !py.object) {
  %0 = "py.get_iter"(%x) : (!py.object) -> !py.object
  func.return
}

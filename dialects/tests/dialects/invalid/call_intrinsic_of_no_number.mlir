func.func @f(%x: !py.object, %s: !py.state) {
  %0 = py.call_intrinsic_1 12, %x at %s
  func.return
}

func.func @f(%x: !py.object, %s: !py.state) {
  state.suspend %x at %s
  %0 = state.sent
  func.return
}

func.func @f(%x: !py.object, %s: !py.state) {
  %0 = py.build_map(%x, %x, %x) at %s
  func.return
}

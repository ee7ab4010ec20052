func.func @f(%x: !py.object, %s: !py.state) {
  %0:2 = py.unpack_ex %x, 2 at %s : !py.object, !py.object
  func.return
}

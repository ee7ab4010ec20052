func.func @f(%x: !py.object, %s: !py.state) {
  %0 = py.unbox %x at %s : i32
  func.return
}

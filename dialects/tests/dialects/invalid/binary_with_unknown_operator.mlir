func.func @f(%x: !py.object, %s: !py.state) {
  %0 = "py.binary"(%x, %x, %s) <{kind = 26 : i32}> : (!py.object, !py.object, !py.state) -> !py.object
  func.return
}

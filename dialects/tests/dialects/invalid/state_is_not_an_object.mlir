func.func @f(%x: !py.object) {
  %0 = "py.unary"(%x, %x) <{kind = 0 : i32}> : (!py.object, !py.object) -> !py.object
  func.return
}

func.func @f(%x: !py.object) {
  py.set_function_attribute 3, %x, %x
  func.return
}

// The reason tells a guess from a value that was known to have another type.
func.func @f(%x: !py.object) -> !py.object attributes {py.kind = "function", py.locals = ["x"]} {
  %s = py.frame_state 8 locals(%x) stack(%x) : (!py.object), (!py.object)
  %f = py.unbox %x at %s {py.guess} : f64
  %b = py.box %f : f64
  func.return %b : !py.object
}

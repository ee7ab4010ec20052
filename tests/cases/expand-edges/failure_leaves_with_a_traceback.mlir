func.func @f(%x: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "f", py.locals = ["x"], py.argcount = 1 : i32} {
  %s = py.frame_state 2 locals(%x) stack(%x) : (!py.object), (!py.object)
  %y = py.unary negative %x at %s
  func.return %y : !py.object
}

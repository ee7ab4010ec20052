func.func @f(%x: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "f", py.locals = ["x"], py.argcount = 1 : i32} {
  %s = py.frame_state 10 locals(%x) stack(%x, %x) : (!py.object), (!py.object, !py.object)
  %i = py.load_subscr %x, %x at %s
  func.return %i : !py.object
}

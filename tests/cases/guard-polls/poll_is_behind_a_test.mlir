func.func @f(%x: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "f", py.locals = ["x"], py.argcount = 1 : i32} {
  %s = py.frame_state 0 locals(%x) stack() : (!py.object)
  py.poll at %s
  func.return %x : !py.object
}

func.func @f(%x: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "f", py.locals = ["x"], py.argcount = 1 : i32} {
  %none = py.null
  %s = py.frame_state 10 locals(%x) stack(%x, %none) : (!py.object), (!py.object, !py.object)
  %r = py.call %x, %none() at %s
  %t = py.frame_state 18 locals(%x) stack(%r) : (!py.object), (!py.object)
  py.check_frame at %t
  py.check_frame at %t
  func.return %r : !py.object
}

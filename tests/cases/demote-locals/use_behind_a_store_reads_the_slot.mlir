func.func @f(%x: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "f", py.locals = ["x", "y"], py.argcount = 1 : i32} {
  %null = py.null
  %s0 = py.frame_state 2 locals(%x, %null) stack(%x) : (!py.object, !py.object), (!py.object)
  %y = py.unary negative %x at %s0
  %s1 = py.frame_state 4 locals(%x, %null) stack(%y) : (!py.object, !py.object), (!py.object)
  py.store_local 1 "y", %y at %s1
  %s2 = py.frame_state 6 locals(%x, %y) stack(%y, %y) : (!py.object, !py.object), (!py.object, !py.object)
  %z = py.binary add %y, %y at %s2
  func.return %z : !py.object
}

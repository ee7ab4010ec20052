func.func @f(%x: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "f", py.locals = ["x"], py.argcount = 1 : i32} {
  %s = py.frame_state 2 locals(%x) stack(%x) : (!py.object), (!py.object)
  %y, %raised = py.unary negative %x at %s catch i1
  cf.cond_br %raised, ^handler(%x : !py.object), ^next
^next:
  func.return %y : !py.object
^handler(%h: !py.object):
  %e = py.fetch_exception
  %null = py.null
  %t = py.frame_state 8 locals(%h) stack(%e) : (!py.object), (!py.object)
  py.reraise %e, %null at %t
  py.propagate
}

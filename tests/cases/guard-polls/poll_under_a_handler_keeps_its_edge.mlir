func.func @f(%x: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "f", py.locals = ["x"], py.argcount = 1 : i32} {
  %s = py.frame_state 0 locals(%x) stack() : (!py.object)
  %raised = py.poll at %s catch i1
  cf.cond_br %raised, ^handler(%x : !py.object), ^next
^next:
  func.return %x : !py.object
^handler(%y: !py.object):
  %e = py.fetch_exception
  func.return %y : !py.object
}

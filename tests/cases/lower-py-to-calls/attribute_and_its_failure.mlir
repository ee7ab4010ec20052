func.func @f(%x: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "f", py.locals = ["x"], py.argcount = 1 : i32} {
  %s = py.frame_state 2 locals() stack()
  %y, %raised = py.load_attr %x, 0 "real" at %s catch i1
  cf.cond_br %raised, ^leave, ^next
^next:
  func.return %y : !py.object
^leave:
  py.traceback
  py.propagate
}

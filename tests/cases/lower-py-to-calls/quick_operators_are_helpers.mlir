func.func @f(%x: !py.object, %y: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "f", py.locals = ["x", "y"], py.argcount = 2 : i32} {
  %s = py.frame_state 2 locals() stack()
  %a, %raised = py.compare lt %x, %y at %s catch i1
  cf.cond_br %raised, ^leave, ^next
^next:
  func.return %a : !py.object
^leave:
  py.propagate
}

func.func @f(%x: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "f", py.locals = ["x"], py.argcount = 1 : i32} {
  %s = py.frame_state 2 locals() stack()
  %y, %e0 = py.unary negative %x at %s catch i1
  cf.cond_br %e0, ^leave, ^next
^next:
  %z, %e1 = py.unary negative %y at %s catch i1
  cf.cond_br %e1, ^leave, ^done
^done:
  func.return %z : !py.object
^leave:
  py.traceback
  py.propagate
}

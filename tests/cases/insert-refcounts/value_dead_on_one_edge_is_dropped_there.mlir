func.func @f(%x: !py.object, %c: i1) -> !py.object attributes {py.kind = "function", py.qualname = "f", py.locals = ["x"], py.argcount = 1 : i32} {
  %s = py.frame_state 2 locals() stack()
  %it, %e0 = py.get_iter %x at %s catch i1
  cf.cond_br %e0, ^leave, ^next
^next:
  %v, %end, %e1 = py.for_iter %it at %s catch i1
  cf.cond_br %e1, ^leave, ^test
^test:
  cf.cond_br %end, ^done, ^some
^some:
  func.return %v : !py.object
^done:
  func.return %it : !py.object
^leave:
  py.traceback
  py.propagate
}

func.func @f(%x: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "f", py.locals = ["x"], py.argcount = 1 : i32} {
  %s = py.frame_state 2 locals() stack()
  %null = py.null
  %y, %e0 = py.call %x, %null(%x) at %s catch i1
  cf.cond_br %e0, ^leave, ^done
^done:
  func.return %y : !py.object
^leave:
  py.traceback
  py.propagate
}

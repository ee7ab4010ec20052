func.func @f(%x: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "f", py.locals = ["x"], py.argcount = 1 : i32} {
  %s = py.frame_state 2 locals() stack()
  %c = py.constant 0 = 1 : i64
  %y, %e0 = py.unary negative %x at %s catch i1
  cf.cond_br %e0, ^leave, ^next
^next:
  %t = py.frame_state 4 locals() stack(%c, %x, %y, %y), (!py.object, !py.object, !py.object, !py.object)
  py.exit %t "not lifted"
^leave:
  py.traceback
  py.propagate
}

// The count on the way that is hardly ever taken is not inlined; the stores tell the frame once where it is.
func.func @f(%x: !py.object) -> !py.object attributes {py.kind = "function", py.locals = ["x", "y", "z"]} {
  %s = py.frame_state 24 locals() stack()
  %r, %e0 = py.load_attr %x, 0 "real" at %s catch i1
  cf.cond_br %e0 weights([1, 2000]), ^leave, ^next
^next:
  %t = py.frame_state 44 locals() stack()
  py.store_local 1 "y", %r at %t
  %q = py.constant 1 = 7 : i64
  py.incref %q
  py.store_local 2 "z", %q at %t
  func.return %r : !py.object
^leave:
  %n = py.load_local 1 "y"
  py.decref %n
  py.propagate
}

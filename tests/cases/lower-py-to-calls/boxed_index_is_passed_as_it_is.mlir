// The box is the key of a load and a store, and nothing else needs it.
func.func @f(%list: !py.object) -> !py.object attributes {py.kind = "function", py.locals = ["list"]} {
  %i = arith.constant 3 : i64
  %s = py.frame_state 24 locals() stack()
  %k = py.box %i : i64
  %item, %e0 = py.load_subscr %list, %k at %s catch i1
  cf.cond_br %e0, ^leave, ^next
^next:
  %e1 = py.store_subscr %list, %k, %item at %s catch i1
  py.decref %k
  cf.cond_br %e1, ^drop, ^done
^done:
  func.return %item : !py.object
^drop:
  py.decref %item
  cf.br ^out
^leave:
  py.decref %k
  cf.br ^out
^out:
  py.propagate
}

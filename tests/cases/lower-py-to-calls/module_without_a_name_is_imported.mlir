func.func @f(%level: !py.object, %names: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "f", py.locals = ["level", "names"], py.argcount = 2 : i32} {
  %s = py.frame_state 2 locals() stack()
  %module, %e = py.import_name %level, %names, 0 "" at %s catch i1
  cf.cond_br %e, ^leave, ^done
^done:
  func.return %module : !py.object
^leave:
  py.traceback
  py.propagate
}

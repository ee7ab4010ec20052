func.func @f(%x: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "f", py.locals = ["x", "y"], py.argcount = 1 : i32} {
  %c = py.constant 3 = 1 : i64
  %s = py.frame_state 300 locals() stack(%x, %c), (!py.object, !py.object)
  py.exit %s "not lifted" loc("f.py":7:3)
}

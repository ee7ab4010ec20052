func.func @f(%x: !py.object) attributes {py.kind = "function", py.qualname = "f", py.locals = ["x"], py.argcount = 1 : i32} {
  %c = py.constant 1 = 5 : i64
  %a = py.load_local 0 "x"
  %s = py.frame_state 2 locals() stack(%a, %c, %a, %c), (!py.object, !py.object, !py.object, !py.object)
  py.exit %s "not lifted" slots []
}

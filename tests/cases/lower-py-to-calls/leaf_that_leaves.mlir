func.func @first(%a: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "first", py.locals = ["a"], py.argcount = 1 : i32, py.frame = "leaf"} {
  %0, %ok = py.try_unbox %a : i64
  cf.cond_br %ok, ^next, ^exit
^next:
  py.incref %a
  func.return %a : !py.object
^exit:
  %s = py.frame_state 2 locals() stack()
  py.exit %s "not an int of 64 bits"
}

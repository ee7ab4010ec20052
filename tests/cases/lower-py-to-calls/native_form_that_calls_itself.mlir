func.func @down.native(%n: !py.object) -> i64 attributes {py.kind = "function", py.qualname = "down", py.locals = ["n"], py.argcount = 1 : i32, py.frame = "native"} {
  %0, %known = py.try_unbox %n : i64
  cf.cond_br %known, ^begin, ^never
^begin:
  %f = py.this_function
  %1, %ok, %left = py.try_call_this %f(%0) : (i64) -> (i64, i1, i1)
  cf.cond_br %ok, ^done, ^failed
^done:
  func.return %1 : i64
^failed:
  cf.cond_br %left, ^middle, ^front
^middle:
  %s = py.frame_state 22 locals() stack()
  py.exit %s "a call of itself left" {in_call}
^front:
  %null = py.null
  py.incref %n
  py.incref %f
  %t = py.frame_state 22 locals() stack(%f, %null, %n), (!py.object, !py.object, !py.object)
  py.exit %t "a call of itself that cannot begin"
^never:
  %u = py.frame_state 0 locals() stack()
  py.exit %u "not an int of 64 bits"
}

func.func @down(%f: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "down", py.locals = ["f"], py.argcount = 1 : i32} {
  %x = arith.constant 5 : i64
  %1, %ok, %left = py.try_call_this %f(%x) : (i64) -> (i64, i1, i1)
  cf.cond_br %ok, ^done, ^failed
^done:
  %2 = py.box %1 : i64
  func.return %2 : !py.object
^failed:
  cf.cond_br %left, ^middle, ^front
^middle:
  %s = py.frame_state 22 locals() stack()
  py.exit %s "a call of itself left" {in_call}
^front:
  %null = py.null
  %3 = py.box %x : i64
  py.incref %f
  %t = py.frame_state 22 locals() stack(%f, %null, %3), (!py.object, !py.object, !py.object)
  py.exit %t "a call of itself that cannot begin"
}
func.func private @native(!llvm.ptr, !llvm.ptr, i64, i64, i64) -> (i64, i64)

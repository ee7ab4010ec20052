func.func @f.native(%n: !py.object) -> i64 attributes {py.kind = "function", py.qualname = "f", py.locals = ["n"], py.argcount = 1 : i32, py.frame = "native"} {
  %0, %ok = py.try_unbox %n : i64
  cf.cond_br %ok, ^next, ^exit
^next:
  func.return %0 : i64
^exit:
  %s = py.frame_state 2 locals() stack()
  %1 = py.box %0 : i64
  py.store_local 0 "n", %1 at %s
  %t = py.frame_state 2 locals() stack(%n), (!py.object)
  py.exit %t "division by zero"
}

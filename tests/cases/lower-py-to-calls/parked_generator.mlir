func.func @f(%x: !py.object) -> !py.object attributes {py.kind = "function", py.locals = ["x"], py.qualname = "f"} {
  %null = py.null
  %one = arith.constant 1 : i64
  %true = arith.constant true
  %s = py.frame_state 6 locals() stack()
  %g = py.call %x, %null(%x) at %s
  %ok = state.adopt 0 %g, "numbers", 1
  %p = py.frame_state 24 locals() stack(%one, %one, %true, %one, %one, %one) {py.parked = ["kept", "int", "int?", "null", "range"]}, (i64, i64, i1, i64, i64, i64)
  state.park 0 %g at %p
  cf.cond_br %ok, ^on, ^leave
^on:
  return %g : !py.object
^leave:
  %loop = py.frame_state 30 locals() stack(%g), (!py.object)
  py.exit %loop "it does not hold" {py.unpark = 0 : i32}
}

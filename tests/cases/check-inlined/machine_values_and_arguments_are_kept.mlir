func.func @f(%x: !py.object) -> !py.object attributes {py.kind = "function", py.locals = ["x"], py.qualname = "f"} {
  %null = py.null
  %one = arith.constant 1 : i64
  %s = py.frame_state 6 locals(%x) stack() : (!py.object)
  %g = py.call %x, %null(%x) at %s
  %p = py.frame_state 24 locals() stack(%x, %one), (!py.object, i64)
  state.park 0 %g at %p
  return %g : !py.object
}

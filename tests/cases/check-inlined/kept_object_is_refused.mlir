func.func @f(%x: !py.object) -> !py.object attributes {py.kind = "function", py.locals = ["x"], py.qualname = "f"} {
  %null = py.null
  %s = py.frame_state 6 locals(%x) stack() : (!py.object)
  %g = py.call %x, %null() at %s
  %y = py.binary add %x, %x at %s
  %p = py.frame_state 24 locals() stack(%y), (!py.object)
  state.park 0 %g at %p
  return %g : !py.object
}

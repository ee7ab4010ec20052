func.func @f(%x: !py.object) -> !py.object attributes {py.kind = "function", py.locals = ["x"], py.qualname = "f"} {
  %s = py.frame_state 6 locals(%x) stack() : (!py.object)
  %r = py.binary add %x, %x at %s {py.inlined}
  return %r : !py.object
}

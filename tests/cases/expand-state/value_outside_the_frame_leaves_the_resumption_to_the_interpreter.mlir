func.func @f() -> !py.object attributes {py.kind = "generator", py.qualname = "f", py.locals = ["n"], py.argcount = 1 : i32, py.start = 4 : i32} {
  %n = py.load_local 0 "n"
  %x = state.sent
  %s0 = py.frame_state 6 locals(%n) stack(%n) : (!py.object), (!py.object)
  %hidden = py.get_iter %n at %s0
  %s1 = py.frame_state 10 locals(%n) stack() : (!py.object)
  %y = state.yield %n at %s1
  state.return %hidden
}

func.func @f() -> !py.object attributes {py.kind = "generator", py.qualname = "f", py.locals = ["n"], py.argcount = 1 : i32, py.start = 4 : i32} {
  %n = py.load_local 0 "n"
  %x = state.sent
  %s0 = py.frame_state 6 locals(%n) stack(%n) : (!py.object), (!py.object)
  %it = py.get_iter %n at %s0
  %c = py.constant 1 = 2 : i64
  %s1 = py.frame_state 10 locals(%n) stack(%it) : (!py.object), (!py.object)
  %y = state.yield %c at %s1
  %s2 = py.frame_state 12 locals(%n) stack(%it, %y) : (!py.object), (!py.object, !py.object)
  %r = py.build_tuple(%it, %y, %n, %c) at %s2
  state.return %r
}

func.func @f() -> !py.object attributes {py.kind = "generator", py.qualname = "f", py.locals = ["x"], py.argcount = 1 : i32, py.start = 4 : i32} {
  %x = py.load_local 0 "x"
  %sent = state.sent
  %s0 = py.frame_state 6 locals(%x) stack() : (!py.object)
  %outside = py.build_list() at %s0
  %s1 = py.frame_state 10 locals(%x) stack() : (!py.object)
  %y = state.yield %x at %s1
  %s2 = py.frame_state 12 locals(%x) stack(%y, %outside) : (!py.object), (!py.object, !py.object)
  %z = py.binary add %y, %outside at %s2
  py.store_local 0 "x", %z at %s2
  %s3 = py.frame_state 20 locals(%z) stack() : (!py.object)
  %w = state.yield %y at %s3
  %s4 = py.frame_state 24 locals(%z) stack(%z, %w) : (!py.object), (!py.object, !py.object)
  %r = py.binary add %z, %w at %s4
  state.return %r
}

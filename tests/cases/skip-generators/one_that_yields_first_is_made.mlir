func.func @count() -> !py.object attributes {py.kind = "generator", py.by_place, py.qualname = "count", py.locals = ["n"], py.argcount = 1 : i32, py.start = 2 : i32} {
  %n = py.load_local 0 "n"
  %0 = state.sent
  %1 = py.frame_state 4 locals(%n) stack() : (!py.object)
  %2 = state.yield %n at %1
  %3 = py.null
  %4 = py.frame_state 12 locals(%n) stack() : (!py.object)
  %5 = py.load_global 0 "count" at %4
  %6 = py.frame_state 24 locals(%n) stack(%5, %3, %n) : (!py.object), (!py.object, !py.object, !py.object)
  %7 = py.call %5, %3(%n) at %6
  %8 = py.frame_state 34 locals(%n) stack(%7) : (!py.object), (!py.object)
  %9 = py.get_iter %7 at %8
  cf.br ^next
^next:
  %10 = py.frame_state 36 locals(%n) stack(%9) : (!py.object), (!py.object)
  %11, %12 = py.for_iter %9 at %10
  cf.cond_br %12, ^end, ^body
^body:
  %13 = py.frame_state 42 locals(%n) stack(%9) : (!py.object), (!py.object)
  %14 = state.yield %11 at %13
  cf.br ^next
^end:
  state.return %2
}

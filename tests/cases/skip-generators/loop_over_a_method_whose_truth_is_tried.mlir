func.func @items() -> !py.object attributes {py.kind = "generator", py.by_place, py.qualname = "T.items", py.locals = ["self", "n"], py.argcount = 2 : i32, py.start = 2 : i32} {
  %self = py.load_local 0 "self"
  %n = py.load_local 1 "n"
  %0 = state.sent
  %1 = py.frame_state 4 locals(%self, %n) stack(%n) : (!py.object, !py.object), (!py.object)
  %2 = py.truth %n at %1
  cf.cond_br %2, ^more, ^end
^more:
  %3 = py.frame_state 12 locals(%self, %n) stack(%self) : (!py.object, !py.object), (!py.object)
  %4, %5 = py.load_method %self, 0 "items" at %3
  %6 = py.frame_state 24 locals(%self, %n) stack(%4, %5, %n) : (!py.object, !py.object), (!py.object, !py.object, !py.object)
  %7 = py.call %4, %5(%n) at %6
  %8 = py.frame_state 34 locals(%self, %n) stack(%7) : (!py.object, !py.object), (!py.object)
  %9 = py.get_iter %7 at %8
  cf.br ^next
^next:
  %10 = py.frame_state 36 locals(%self, %n) stack(%9) : (!py.object, !py.object), (!py.object)
  %11, %12 = py.for_iter %9 at %10
  cf.cond_br %12, ^end, ^body
^body:
  %13 = py.frame_state 42 locals(%self, %n) stack(%9) : (!py.object, !py.object), (!py.object)
  %14 = state.yield %11 at %13
  cf.br ^next
^end:
  %15 = py.constant 0 = unit
  state.return %15
}

func.func @f() -> !py.object attributes {py.kind = "generator", py.by_place, py.qualname = "f", py.locals = ["n"], py.argcount = 1 : i32, py.start = 2 : i32} {
  %n = py.load_local 0 "n"
  %0 = state.sent
  %1 = py.frame_state 4 locals(%n) stack(%n) : (!py.object), (!py.object)
  %2 = py.truth %n at %1
  %3 = py.null
  cf.cond_br %2, ^more, ^end
^more:
  %4 = py.frame_state 12 locals(%n) stack() : (!py.object)
  %5 = py.load_global 0 "f" at %4
  %6 = py.frame_state 24 locals(%n) stack(%5, %3, %n) : (!py.object), (!py.object, !py.object, !py.object)
  %7 = py.call %5, %3(%n) at %6
  %8 = py.frame_state 34 locals(%n) stack(%7) : (!py.object), (!py.object)
  %9 = py.get_iter %7 at %8
  cf.br ^next(%n : !py.object)
^next(%10: !py.object):
  %11 = py.frame_state 36 locals(%10) stack(%9) : (!py.object), (!py.object)
  %12, %13 = py.for_iter %9 at %11
  cf.cond_br %13, ^then, ^body
^body:
  %14 = py.frame_state 42 locals(%10) stack(%9) : (!py.object), (!py.object)
  %15 = state.yield %12 at %14
  cf.br ^next(%12 : !py.object)
^then:
  %16 = py.frame_state 50 locals(%10) stack() : (!py.object)
  %17 = py.load_global 0 "f" at %16
  %18 = py.frame_state 56 locals(%10) stack(%17, %3, %10) : (!py.object), (!py.object, !py.object, !py.object)
  %19 = py.call %17, %3(%10) at %18
  %20 = py.frame_state 60 locals(%10) stack(%19) : (!py.object), (!py.object)
  %21 = py.get_iter %19 at %20
  cf.br ^again
^again:
  %22 = py.frame_state 64 locals(%10) stack(%21) : (!py.object), (!py.object)
  %23, %24 = py.for_iter %21 at %22
  cf.cond_br %24, ^end, ^other
^other:
  %25 = py.frame_state 70 locals(%10) stack(%21) : (!py.object), (!py.object)
  %26 = state.yield %23 at %25
  cf.br ^again
^end:
  %27 = py.constant 0 = unit
  state.return %27
}

func.func @walk() -> !py.object attributes {py.kind = "generator", py.by_place, py.qualname = "walk", py.locals = ["node"], py.argcount = 1 : i32, py.start = 2 : i32} {
  %node = py.load_local 0 "node"
  %0 = state.sent
  %1 = py.frame_state 4 locals(%node) stack() : (!py.object)
  py.poll at %1
  %2 = py.none
  %3 = py.is %node, %2
  cf.cond_br %3, ^end, ^left
^left:
  %4 = py.null
  %5 = py.frame_state 12 locals(%node) stack() : (!py.object)
  %6 = py.load_global 0 "walk" at %5
  %7 = py.frame_state 24 locals(%node) stack(%6, %4, %node) : (!py.object), (!py.object, !py.object, !py.object)
  %8 = py.load_attr %node, 1 "left" at %7
  %9 = py.frame_state 44 locals(%node) stack(%6, %4, %8) : (!py.object), (!py.object, !py.object, !py.object)
  %10 = py.call %6, %4(%8) at %9
  %11 = py.frame_state 52 locals(%node) stack(%10) : (!py.object), (!py.object)
  %12 = py.get_yield_from_iter %10 at %11
  %13 = py.constant 0 = unit
  cf.br ^send(%node, %13 : !py.object, !py.object)
^send(%14: !py.object, %15: !py.object):
  %16 = py.frame_state 56 locals(%14) stack(%12, %15) : (!py.object), (!py.object, !py.object)
  %17, %18 = py.send %12, %15 at %16
  cf.cond_br %18, ^rest, ^yield
^yield:
  %19 = py.frame_state 62 locals(%14) stack(%12) : (!py.object), (!py.object)
  %20 = state.yield delegating %17 at %19
  %21 = py.load_local 0 "node"
  cf.br ^send(%21, %20 : !py.object, !py.object)
^rest:
  %22 = py.frame_state 72 locals(%14) stack(%17) : (!py.object), (!py.object)
  %23 = state.yield %17 at %22
  state.return %13
^end:
  %24 = py.constant 0 = unit
  state.return %24
}

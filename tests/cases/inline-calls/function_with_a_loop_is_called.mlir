func.func @twice(%w: !py.object) -> !py.object attributes {py.kind = "function", py.argcount = 1 : i32, py.locals = ["w"], py.qualname = "twice"} {
  %null = py.null
  %s1 = py.frame_state 6 locals(%w) stack() : (!py.object)
  %f = py.load_global 0 "spin" at %s1
  %s2 = py.frame_state 18 locals(%w) stack(%f, %null, %w) : (!py.object), (!py.object, !py.object, !py.object)
  %r = py.call %f, %null(%w) at %s2
  return %r : !py.object
}

func.func @"function spin"(%a: !py.object) -> !py.object attributes {py.inlinable = "spin", py.kind = "function", py.argcount = 1 : i32, py.locals = ["a"], py.qualname = "spin"} {
  %s0 = py.frame_state 0 locals(%a) stack() : (!py.object)
  cf.br ^loop
^loop:
  %c = py.truth %a at %s0
  cf.cond_br %c, ^loop, ^done
^done:
  return %a : !py.object
}

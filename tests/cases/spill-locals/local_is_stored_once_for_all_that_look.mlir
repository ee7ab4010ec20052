func.func @f(%x: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "f", py.locals = ["x", "n"], py.argcount = 1 : i32, py.native_slots = array<i32: 1>} {
  %n = arith.constant 5 : i64
  %c = py.breaker_set
  %s0 = py.frame_state 2 locals(%x, %n) stack(%x) : (!py.object, i64), (!py.object)
  %a = py.unary negative %x at %s0
  cf.cond_br %c, ^one, ^other
^one:
  %s1 = py.frame_state 4 locals(%x, %n) stack(%a) : (!py.object, i64), (!py.object)
  %b = py.unary negative %a at %s1
  cf.br ^join(%b : !py.object)
^other:
  cf.br ^join(%a : !py.object)
^join(%d: !py.object):
  %s2 = py.frame_state 6 locals(%x, %n) stack(%d) : (!py.object, i64), (!py.object)
  %e = py.unary negative %d at %s2
  func.return %e : !py.object
}

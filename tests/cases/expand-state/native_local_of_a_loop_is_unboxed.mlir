func.func @f() -> !py.object attributes {py.kind = "generator", py.qualname = "f", py.locals = ["i"], py.native_slots = array<i32: 0>, py.argcount = 0 : i32, py.start = 4 : i32} {
  %x = state.sent
  %c = arith.constant 0 : i64
  %ten = arith.constant 10 : i64
  cf.br ^loop(%c : i64)
^loop(%i: i64):
  %more = arith.cmpi slt, %i, %ten : i64
  cf.cond_br %more, ^body, ^done
^body:
  %b = py.box %i : i64
  %s1 = py.frame_state 10 locals(%i) stack() : (i64)
  %y = state.yield delegating %b at %s1
  %j = arith.addi %i, %i : i64
  cf.br ^loop(%j : i64)
^done:
  %r = py.box %i : i64
  state.return %r
}

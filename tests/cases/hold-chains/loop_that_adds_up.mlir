func.func @f(%it: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "f", py.locals = ["it", "t"], py.argcount = 1 : i32} {
  %zero = arith.constant 0 : i64
  cf.br ^next(%zero : i64)
^next(%t: i64):
  %box = py.box %t : i64
  %s = py.frame_state 10 locals(%it, %box) stack(%it) : (!py.object, !py.object), (!py.object)
  py.poll at %s
  %v, %end = py.for_iter %it at %s
  cf.cond_br %end, ^done, ^body
^body:
  %n = py.unbox %v at %s : i64
  %sum = num.add %t, %n at %s
  cf.br ^next(%sum : i64)
^done:
  func.return %box : !py.object
}

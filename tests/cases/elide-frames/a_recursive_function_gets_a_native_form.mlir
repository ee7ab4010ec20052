func.func @down(%n: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "down", py.locals = ["n"], py.argcount = 1 : i32, py.elide, py.this = "down"} {
  %s = py.frame_state 0 locals(%n) stack() : (!py.object)
  %0 = py.unbox %n at %s : i64
  py.poll at %s
  %zero = arith.constant 0 : i64
  %end = arith.cmpi eq, %0, %zero : i64
  cf.cond_br %end, ^done, ^go_on
^done:
  func.return %n : !py.object
^go_on:
  %t = py.frame_state 8 locals(%n) stack() : (!py.object)
  %f = py.load_global 0 "down" at %t
  %null = py.null
  %one = arith.constant 1 : i64
  %c = py.constant 1 = 1 : i64
  %u = py.frame_state 18 locals(%n) stack(%f, %null, %n, %c) : (!py.object), (!py.object, !py.object, !py.object, !py.object)
  %m = num.sub %0, %one at %u
  %v = py.frame_state 22 locals(%n) stack(%f, %null, %m) : (!py.object), (!py.object, !py.object, i64)
  %1 = py.call_this %f(%m) at %v : (i64) -> i64
  %2 = py.box %1 : i64
  func.return %2 : !py.object
}

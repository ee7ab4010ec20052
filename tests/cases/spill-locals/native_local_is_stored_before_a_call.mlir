func.func @f(%x: !py.object, %n: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "f", py.locals = ["x", "n", "i"], py.argcount = 2 : i32, py.native_slots = array<i32: 2>} {
  %null = py.null
  %i = arith.constant 7 : i64
  %s = py.frame_state 8 locals(%x, %n, %i) stack(%x) : (!py.object, !py.object, i64), (!py.object)
  %r = py.call %x, %null() at %s
  %t = py.frame_state 16 locals(%x, %n, %i) stack(%r) : (!py.object, !py.object, i64), (!py.object)
  %u = py.unary negative %r at %t
  func.return %u : !py.object
}

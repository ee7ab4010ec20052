func.func @f(%x: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "f", py.locals = ["x", "i", "j"], py.argcount = 1 : i32, py.native_slots = array<i32: 1, 2>} {
  %null = py.null
  %i = arith.constant 7 : i64
  %s = py.frame_state 8 locals(%x, %i, %i) stack(%x) : (!py.object, i64, i64), (!py.object)
  %r = py.call %x, %null() at %s
  func.return %r : !py.object
}

func.func @f(%x: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "f", py.locals = ["x"], py.argcount = 1 : i32} {
  %i = arith.constant 0 : i64
  %n = arith.constant 9 : i64
  %one = arith.constant 1 : i64
  %it = py.range_iterator %i, %n, %one
  %s = py.frame_state 8 locals(%x) stack(%it) : (!py.object), (!py.object)
  %v = py.unbox %x at %s : i64
  func.return %x : !py.object
}

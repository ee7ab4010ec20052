func.func @f(%x: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "f", py.locals = ["x", "i"], py.argcount = 1 : i32, py.native_slots = array<i32: 1>} {
  %i = arith.constant 7 : i64
  %s = py.frame_state 8 locals(%x, %i) stack(%x) : (!py.object, i64), (!py.object)
  %r = py.build_list(%x) at %s
  func.return %r : !py.object
}

func.func @f(%x: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "f", py.locals = ["x", "i"], py.argcount = 1 : i32, py.native_slots = array<i32: 1>} {
  %i = arith.constant 7 : i64
  %s = py.frame_state 8 locals(%x, %i) stack(%x, %i) : (!py.object, i64), (!py.object, i64)
  %n = py.unbox %x at %s : i64
  %ok = arith.cmpi slt, %n, %i : i64
  num.guard %ok at %s "overflow"
  %r = py.box %n : i64
  func.return %r : !py.object
}

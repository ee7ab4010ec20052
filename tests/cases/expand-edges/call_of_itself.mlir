func.func @f(%n: !py.object, %f: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "f", py.locals = ["n", "f"], py.argcount = 2 : i32} {
  %x = arith.constant 5 : i64
  %null = py.null
  %s = py.frame_state 22 locals(%n, %f) stack(%x, %f, %null, %x) : (!py.object, !py.object), (i64, !py.object, !py.object, i64)
  %1 = py.call_this %f(%x) at %s : (i64) -> i64
  %2 = py.box %1 : i64
  func.return %2 : !py.object
}

// passes: infer-types,lower-py-to-num
func.func @f() -> !py.object attributes {py.kind = "function", py.locals = ["n"], py.argcount = 0 : i32, py.qualname = "f", py.free = ["n i64"]} {
  %null = py.null
  %n = py.load_closure 0
  %s = py.frame_state 0 locals(%null) stack() : (!py.object)
  py.store_local 0 "n", %n at %s
  %t = py.frame_state 4 locals(%n) stack() : (!py.object)
  %x = py.load_deref %n, 0 "n" at %t
  %one = py.constant 1 = 1 : i64
  %u = py.frame_state 8 locals(%n) stack(%x, %one) : (!py.object), (!py.object, !py.object)
  %sum = py.binary inplace_add %x, %one at %u
  %v = py.frame_state 12 locals(%n) stack(%sum) : (!py.object), (!py.object)
  py.store_deref %n, %sum at %v
  %w = py.frame_state 14 locals(%n) stack() : (!py.object)
  %y = py.load_deref %n, 0 "n" at %w
  func.return %y : !py.object
}

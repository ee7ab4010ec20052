func.func @f(%a: !py.object, %i: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "f", py.locals = ["a", "i", "t"], py.argcount = 2 : i32} {
  %null = py.null
  %s1 = py.frame_state 2 locals(%a, %i, %null) stack(%a, %i) : (!py.object, !py.object, !py.object), (!py.object, !py.object)
  %t = py.build_tuple(%a, %i) at %s1
  %s2 = py.frame_state 4 locals(%a, %i, %null) stack() : (!py.object, !py.object, !py.object)
  py.store_local 2 "t", %t at %s2
  %c = py.constant 1 = -2 : i64
  %s3 = py.frame_state 8 locals(%a, %i, %t) stack(%t, %c) : (!py.object, !py.object, !py.object), (!py.object, !py.object)
  %1 = py.load_subscr %t, %c at %s3
  %d = py.constant 2 = 2 : i64
  %s4 = py.frame_state 12 locals(%a, %i, %t) stack(%1, %t, %d) : (!py.object, !py.object, !py.object), (!py.object, !py.object, !py.object)
  %2 = py.load_subscr %t, %d at %s4
  %s5 = py.frame_state 16 locals(%a, %i, %t) stack(%1, %2) : (!py.object, !py.object, !py.object), (!py.object, !py.object)
  %3 = py.binary add %1, %2 at %s5
  func.return %3 : !py.object
}

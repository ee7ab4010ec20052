func.func @f(%a: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "f", py.locals = ["a"], py.argcount = 1 : i32} {
  %t = py.constant 1 = {kind = "tuple", repr = "(3, 9223372036854775808)"}
  %s2 = py.frame_state 4 locals(%a) stack(%t) : (!py.object), (!py.object)
  %1:2 = py.unpack_sequence %t at %s2 : !py.object, !py.object
  %u = py.constant 2 = {kind = "tuple", repr = "(3, 4, 5)"}
  %s3 = py.frame_state 6 locals(%a) stack(%u) : (!py.object), (!py.object)
  %2:2 = py.unpack_sequence %u at %s3 : !py.object, !py.object
  %s4 = py.frame_state 8 locals(%a) stack(%1#1, %2#0) : (!py.object), (!py.object, !py.object)
  %3 = py.binary add %1#1, %2#0 at %s4
  func.return %3 : !py.object
}

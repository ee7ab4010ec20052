func.func @f(%a: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "f", py.locals = ["a"], py.argcount = 1 : i32} {
  %t = py.constant 1 = {kind = "tuple", repr = "(3, -0.5)"}
  %s2 = py.frame_state 4 locals(%a) stack(%t) : (!py.object), (!py.object)
  %1:2 = py.unpack_sequence %t at %s2 : !py.object, !py.object
  %s3 = py.frame_state 6 locals(%a) stack(%1#1, %1#0) : (!py.object), (!py.object, !py.object)
  %2 = py.binary add %1#1, %1#0 at %s3
  func.return %2 : !py.object
}

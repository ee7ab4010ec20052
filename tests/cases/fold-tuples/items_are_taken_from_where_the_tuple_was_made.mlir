func.func @f(%a: !py.object, %b: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "f", py.locals = ["a", "b"], py.argcount = 2 : i32} {
  %s1 = py.frame_state 2 locals(%a, %b) stack(%a, %b) : (!py.object, !py.object), (!py.object, !py.object)
  %t = py.build_tuple(%a, %b) at %s1
  %s2 = py.frame_state 4 locals(%a, %b) stack(%t) : (!py.object, !py.object), (!py.object)
  %1:2 = py.unpack_sequence %t at %s2 : !py.object, !py.object
  %s3 = py.frame_state 6 locals(%a, %b) stack(%1#1, %1#0) : (!py.object, !py.object), (!py.object, !py.object)
  %2 = py.binary add %1#1, %1#0 at %s3
  func.return %2 : !py.object
}

// passes: infer-types,lower-py-to-num
// `z` is needed as the object that it is.
func.func @f(%p: !py.object) -> !py.object attributes {py.kind = "function", py.locals = ["p"], py.argcount = 1 : i32, py.qualname = "f", py.attributes = ["x f64", "z i64"]} {
  %s = py.frame_state 2 locals(%p) stack(%p) : (!py.object), (!py.object)
  %x = py.load_attr %p, 0 "x" at %s
  %t = py.frame_state 22 locals(%p) stack(%x, %x) : (!py.object), (!py.object, !py.object)
  %sum = py.binary add %x, %x at %t
  %u = py.frame_state 26 locals(%p) stack(%sum, %p) : (!py.object), (!py.object, !py.object)
  py.store_attr %p, 0 "x", %sum at %u
  %v = py.frame_state 36 locals(%p) stack(%p) : (!py.object), (!py.object)
  %z = py.load_attr %p, 1 "z" at %v
  %w = py.frame_state 56 locals(%p) stack(%z) : (!py.object), (!py.object)
  %both = py.build_tuple(%z) at %w
  func.return %both : !py.object
}

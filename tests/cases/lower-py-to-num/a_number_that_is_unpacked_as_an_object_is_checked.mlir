// passes: infer-types,lower-py-to-num
func.func @f(%row: !py.object) -> !py.object attributes {
    py.qualname = "f", py.kind = "function", py.mode = "auto", py.argcount = 1 : i32,
    py.locals = ["row"], py.param_items = ["row 2 i64 f64"]} {
  %s1 = py.frame_state 10 locals(%row) stack(%row) : (!py.object), (!py.object)
  %n, %x = py.unpack_sequence %row at %s1 : !py.object, !py.object
  %s3 = py.frame_state 20 locals(%row) stack(%n, %x) : (!py.object), (!py.object, !py.object)
  %y = py.binary add %n, %x at %s3
  %s4 = py.frame_state 24 locals(%row) stack(%x, %y) : (!py.object), (!py.object, !py.object)
  %t = py.build_tuple(%x, %y) at %s4
  func.return %t : !py.object
}

// passes: infer-types,lower-py-to-num
func.func @f(%rows: !py.object) -> !py.object attributes {
    py.qualname = "f", py.kind = "function", py.mode = "auto", py.argcount = 1 : i32,
    py.locals = ["rows", "p", "m"], py.param_items = ["list row 2 list f64 f64"]} {
  %null = py.null
  %0 = py.constant 1 = 0 : i64
  %s0 = py.frame_state 4 locals(%rows, %null, %null) stack(%rows, %0) : (!py.object, !py.object, !py.object), (!py.object, !py.object)
  %row = py.load_subscr %rows, %0 at %s0
  %s1 = py.frame_state 10 locals(%rows, %null, %null) stack(%row) : (!py.object, !py.object, !py.object), (!py.object)
  %p, %m = py.unpack_sequence %row at %s1 : !py.object, !py.object
  %s2 = py.frame_state 16 locals(%rows, %p, %m) stack(%p, %0) : (!py.object, !py.object, !py.object), (!py.object, !py.object)
  %x = py.load_subscr %p, %0 at %s2
  %s3 = py.frame_state 20 locals(%rows, %p, %m) stack(%x, %m) : (!py.object, !py.object, !py.object), (!py.object, !py.object)
  %y = py.binary add %x, %m at %s3
  func.return %y : !py.object
}

// The array is described behind the call. Another object leaves with the result on the stack.
func.func @f(%make: !py.object) -> !py.object attributes {
    py.qualname = "f", py.kind = "function", py.mode = "auto", py.argcount = 1 : i32,
    py.locals = ["make", "a"], py.param_types = [!py.object], py.seen = ["10:0 ndarray<f64, 2, contiguous>"], py.block_types = [["object"]]} {
  %null = py.null
  %s0 = py.frame_state 10 locals(%make, %null) stack(%make, %null) : (!py.object, !py.object), (!py.object, !py.object)
  %a = py.call %make, %null() at %s0 {py.type = "ndarray<f64, 2, contiguous>"}
  %s1 = py.frame_state 18 locals(%make, %null) stack(%a) : (!py.object, !py.object), (!py.object)
  py.store_local 1 "a", %a at %s1
  %zero = py.constant 1 = 0 : i64 {py.type = "i64"}
  %s2 = py.frame_state 30 locals(%make, %a) stack(%a, %zero, %zero) : (!py.object, !py.object), (!py.object, !py.object, !py.object)
  %place = py.build_tuple(%zero, %zero) at %s2 {py.type = "tuple"}
  %s3 = py.frame_state 32 locals(%make, %a) stack(%a, %place) : (!py.object, !py.object), (!py.object, !py.object)
  %item = py.load_subscr %a, %place at %s3 {py.type = "numpy.f64"}
  func.return %item : !py.object
}

// passes: infer-types,lower-py-to-num
func.func @f(%x: !py.object, %y: !py.object) -> !py.object attributes {
    py.qualname = "f", py.kind = "function", py.mode = "auto", py.argcount = 2 : i32,
    py.locals = ["x", "y"], py.param_types = [i64, f64]} {
  %s0 = py.frame_state 0 locals(%x, %y) stack() : (!py.object, !py.object)
  py.poll at %s0
  %0 = py.constant 1 = 2 : i64
  %s1 = py.frame_state 6 locals(%x, %y) stack(%x, %0) : (!py.object, !py.object), (!py.object, !py.object)
  %1 = py.binary multiply %x, %0 at %s1
  %s2 = py.frame_state 12 locals(%x, %y) stack(%1, %y) : (!py.object, !py.object), (!py.object, !py.object)
  %2 = py.binary add %1, %y at %s2
  func.return %2 : !py.object
}

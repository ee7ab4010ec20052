// passes: infer-types,lower-py-to-num
func.func @f(%a: !py.object) -> !py.object attributes {
    py.qualname = "f", py.kind = "function", py.mode = "auto", py.argcount = 1 : i32,
    py.locals = ["a"], py.param_types = ["ndarray<f64, 2, contiguous>"]} {
  %s0 = py.frame_state 4 locals(%a) stack(%a) : (!py.object), (!py.object)
  %shape = py.load_attr %a, 0 "shape" at %s0
  %s1 = py.frame_state 10 locals(%a) stack(%shape) : (!py.object), (!py.object)
  %n, %m = py.unpack_sequence %shape at %s1 : !py.object, !py.object
  %s2 = py.frame_state 16 locals(%a) stack(%n, %m) : (!py.object), (!py.object, !py.object)
  %x = py.binary multiply %n, %m at %s2
  func.return %x : !py.object
}

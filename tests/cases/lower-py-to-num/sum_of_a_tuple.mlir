// passes: infer-types,lower-py-to-num
func.func @f(%x: !py.object) -> !py.object attributes {
    py.qualname = "f", py.kind = "function", py.mode = "float", py.argcount = 1 : i32,
    py.locals = ["x", "m", "e"], py.param_types = [f64], py.globals = [["math", "math"], ["sum", "builtins.sum"]]} {
  %null = py.null
  %s0 = py.frame_state 0 locals(%x, %null, %null) stack() : (!py.object, !py.object, !py.object)
  py.poll at %s0
  %sum = py.load_global 1 "sum" at %s0
  %s1 = py.frame_state 16 locals(%x, %null, %null) stack(%sum, %null, %x, %x) : (!py.object, !py.object, !py.object), (!py.object, !py.object, !py.object, !py.object)
  %t = py.build_tuple(%x, %x) at %s1
  %s2 = py.frame_state 24 locals(%x, %null, %null) stack(%sum, %null, %t) : (!py.object, !py.object, !py.object), (!py.object, !py.object, !py.object)
  %r = py.call %sum, %null(%t) at %s2
  func.return %r : !py.object
}

// passes: infer-types,lower-py-to-num
func.func @f(%x: !py.object) -> !py.object attributes {
    py.qualname = "f", py.kind = "function", py.mode = "float", py.argcount = 1 : i32,
    py.locals = ["x", "m", "e"], py.param_types = [f64], py.globals = [["math", "math"], ["sum", "builtins.sum"]]} {
  %null = py.null
  %s0 = py.frame_state 0 locals(%x, %null, %null) stack() : (!py.object, !py.object, !py.object)
  py.poll at %s0
  %math = py.load_global 0 "math" at %s0
  %frexp, %this = py.load_method %math, 1 "frexp" at %s0
  %s1 = py.frame_state 16 locals(%x, %null, %null) stack(%frexp, %this, %x) : (!py.object, !py.object, !py.object), (!py.object, !py.object, !py.object)
  %t = py.call %frexp, %this(%x) at %s1
  %s2 = py.frame_state 24 locals(%x, %null, %null) stack(%t) : (!py.object, !py.object, !py.object), (!py.object)
  %m, %e = py.unpack_sequence %t at %s2 : !py.object, !py.object
  func.return %e : !py.object
}

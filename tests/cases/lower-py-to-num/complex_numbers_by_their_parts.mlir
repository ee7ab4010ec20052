// passes: infer-types,lower-py-to-num
// def f(z, w):
//     return -z if z == w else w
func.func @f(%z: !py.object, %w: !py.object) -> !py.object attributes {
    py.qualname = "f", py.kind = "function", py.mode = "auto", py.argcount = 2 : i32,
    py.locals = ["z", "w"], py.param_types = [complex<f64>, complex<f64>]} {
  %s = py.frame_state 6 locals(%z, %w) stack(%z, %w) : (!py.object, !py.object), (!py.object, !py.object)
  %0 = py.compare eq %z, %w at %s
  %1 = py.truth %0 at %s
  cf.cond_br %1, ^negate, ^other
^negate:
  %s1 = py.frame_state 16 locals(%z, %w) stack(%z) : (!py.object, !py.object), (!py.object)
  %2 = py.unary negative %z at %s1
  func.return %2 : !py.object
^other:
  func.return %w : !py.object
}

// passes: infer-types,lower-py-to-num
func.func @down(%n: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "down", py.locals = ["n"], py.argcount = 1 : i32, py.elide, py.param_types = [i64], py.this = "down"} {
  %s = py.frame_state 0 locals(%n) stack() : (!py.object)
  %t = py.truth %n at %s
  cf.cond_br %t, ^more, ^done
^done:
  func.return %n : !py.object
^more:
  %f = py.load_global 0 "down" at %s
  %null = py.null
  %u = py.frame_state 8 locals(%n) stack(%f, %null, %n) : (!py.object), (!py.object, !py.object, !py.object)
  %0 = py.call %f, %null(%n) at %u
  %v = py.frame_state 16 locals(%n) stack(%0, %n) : (!py.object), (!py.object, !py.object)
  %1 = py.binary add %0, %n at %v
  func.return %1 : !py.object
}

func.func @down(%n: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "down", py.locals = ["n"], py.argcount = 1 : i32, py.elide, py.param_types = [i64], py.this = "down"} {
  %s = py.frame_state 0 locals(%n) stack() : (!py.object)
  %t = py.truth %n at %s
  cf.cond_br %t, ^more, ^done
^done:
  func.return %n : !py.object
^more:
  %f = py.load_global 0 "down" at %s
  %null = py.null
  %0 = py.call %f, %null(%n) at %s
  %1 = py.binary add %0, %n at %s
  func.return %1 : !py.object
}
func.func @escapes(%n: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "escapes", py.locals = ["n"], py.argcount = 1 : i32, py.elide, py.param_types = [i64], py.this = "escapes"} {
  %s = py.frame_state 0 locals(%n) stack() : (!py.object)
  %t = py.truth %n at %s
  cf.cond_br %t, ^more, ^done
^done:
  func.return %n : !py.object
^more:
  %f = py.load_global 0 "escapes" at %s
  %null = py.null
  %0 = py.call %f, %null(%n) at %s
  %g = py.load_global 1 "hook" at %s
  %1 = py.call %g, %null(%f) at %s
  func.return %0 : !py.object
}

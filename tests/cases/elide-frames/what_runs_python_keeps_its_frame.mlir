func.func @attribute(%a: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "attribute", py.locals = ["a"], py.argcount = 1 : i32, py.elide, py.no_guesses} {
  %s = py.frame_state 0 locals(%a) stack() : (!py.object)
  py.poll at %s
  %0 = py.load_attr %a, 0 "real" at %s
  func.return %0 : !py.object
}
func.func @loop(%a: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "loop", py.locals = ["a"], py.argcount = 1 : i32, py.elide} {
  cf.br ^again
^again:
  %s = py.frame_state 0 locals(%a) stack() : (!py.object)
  py.poll at %s
  cf.br ^again
}

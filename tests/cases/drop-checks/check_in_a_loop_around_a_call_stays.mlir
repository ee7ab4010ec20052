func.func @f(%x: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "f", py.locals = ["x"], py.argcount = 1 : i32} {
  %none = py.null
  %s = py.frame_state 10 locals(%x) stack() : (!py.object)
  cf.br ^loop
^loop:
  py.check_frame at %s
  %truth = py.truth %x at %s
  cf.cond_br %truth, ^loop, ^end
^end:
  func.return %x : !py.object
}

func.func @f(%x: !py.object) -> !py.object attributes {py.baseline, py.kind = "function", py.qualname = "f", py.locals = ["x"], py.argcount = 1 : i32} {
  cf.br ^loop
^loop:
  %s = py.frame_state 8 locals(%x) stack() : (!py.object)
  py.poll at %s {counts}
  cf.br ^loop
}

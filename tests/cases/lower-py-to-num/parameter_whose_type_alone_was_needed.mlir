// passes: infer-types,lower-py-to-num,canonicalize
func.func @f(%x: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "f", py.locals = ["x"], py.argcount = 1 : i32, py.param_types = [i64]} {
  %s = py.frame_state 2 locals(%x) stack(%x) : (!py.object), (!py.object)
  %none = py.none
  %is = py.is %x, %none
  cf.cond_br %is, ^none, ^some
^none:
  func.return %none : !py.object
^some:
  func.return %x : !py.object
}

func.func @f(%x: !py.object) -> !py.object attributes {py.baseline, py.kind = "function", py.qualname = "f", py.locals = ["x"], py.argcount = 1 : i32} {
  %cold = py.is_cold
  cf.cond_br %cold, ^cold, ^hot
^cold:
  %none = py.none
  func.return %none : !py.object
^hot:
  func.return %x : !py.object
}

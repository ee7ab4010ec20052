// passes: infer-types,lower-py-to-num,canonicalize
func.func @f(%x: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "f", py.locals = ["x"], py.argcount = 1 : i32, py.attributes = ["a i64"]} {
  %s = py.frame_state 2 locals(%x) stack(%x) : (!py.object), (!py.object)
  %a = py.load_attr %x, 0 "a" at %s
  %none = py.none
  %is = py.is %a, %none
  cf.cond_br %is, ^none, ^some
^none:
  func.return %x : !py.object
^some:
  func.return %a : !py.object
}

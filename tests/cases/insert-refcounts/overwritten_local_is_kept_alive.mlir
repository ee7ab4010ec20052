func.func @f(%a: !py.object, %b: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "f", py.locals = ["a", "b"], py.argcount = 2 : i32} {
  %s = py.frame_state 2 locals() stack()
  py.store_local 0 "a", %b at %s
  py.store_local 1 "b", %a at %s
  %r = py.load_local 0 "a"
  func.return %r : !py.object
}

// passes: infer-types,lower-py-to-num
func.func @f(%a: !py.object, %b: !py.object) -> !py.object attributes {py.kind = "function", py.mode = "auto", py.qualname = "f", py.locals = ["a", "b"], py.argcount = 2 : i32, py.param_types = ["object", "object"]} {
  %s0 = py.frame_state 0 locals(%a, %b) stack(%a, %b) : (!py.object, !py.object), (!py.object, !py.object)
  %c = py.compare lt %a, %b at %s0
  %t = py.truth %c at %s0
  cf.cond_br %t, ^bb1, ^bb2
^bb1:
  %s1 = py.frame_state 4 locals(%a, %b) stack(%a, %b) : (!py.object, !py.object), (!py.object, !py.object)
  %d = py.compare eq %a, %b at %s1
  %u = py.truth %d at %s1
  func.return %d : !py.object
^bb2:
  func.return %a : !py.object
}

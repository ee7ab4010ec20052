func.func @f(%it: !py.object, %l: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "f", py.locals = ["it", "l"], py.argcount = 2 : i32} {
  cf.br ^next
^next:
  %s = py.frame_state 10 locals(%it, %l) stack(%it) : (!py.object, !py.object), (!py.object)
  %v, %end = py.for_iter %it at %s
  cf.cond_br %end, ^done, ^body
^body:
  py.store_local 0 "it", %v at %s
  py.list_append %l, %v at %s
  cf.br ^next
^done:
  func.return %l : !py.object
}

func.func @breaks(%it: !py.object, %c: i1) -> !py.object attributes {py.kind = "function", py.qualname = "breaks", py.locals = ["it"], py.argcount = 1 : i32} {
  cf.br ^next
^next:
  %s = py.frame_state 10 locals(%it) stack(%it) : (!py.object), (!py.object)
  %v, %end = py.for_iter %it at %s
  cf.cond_br %end, ^done, ^body
^body:
  %n = py.unbox %v at %s : i64
  cf.cond_br %c, ^done, ^next
^done:
  func.return %it : !py.object
}
func.func @stores(%it: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "stores", py.locals = ["it"], py.argcount = 1 : i32} {
  cf.br ^next
^next:
  %s = py.frame_state 10 locals(%it) stack(%it) : (!py.object), (!py.object)
  %v, %end = py.for_iter %it at %s
  cf.cond_br %end, ^done, ^body
^body:
  py.store_attr %it, 0 "last", %v at %s
  cf.br ^next
^done:
  func.return %it : !py.object
}

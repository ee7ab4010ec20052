func.func @f(%it: !py.object, %f: !py.object) -> !py.object attributes {py.baseline, py.kind = "function", py.qualname = "f", py.locals = ["it", "f"], py.argcount = 2 : i32} {
  %null = py.null
  cf.br ^next
^next:
  %s = py.frame_state 10 locals(%it, %f) stack(%it) : (!py.object, !py.object), (!py.object)
  %v, %end = py.for_iter %it at %s
  cf.cond_br %end, ^done, ^body
^body:
  %s1 = py.frame_state 20 locals(%it, %f) stack(%it, %v, %f) : (!py.object, !py.object), (!py.object, !py.object, !py.object)
  %i = py.load_subscr %v, %f at %s1
  %s2 = py.frame_state 30 locals(%it, %f) stack(%it, %f, %null, %i) : (!py.object, !py.object), (!py.object, !py.object, !py.object, !py.object)
  %unused = py.call %f, %null(%i) at %s2
  cf.br ^next
^done:
  func.return %f : !py.object
}
func.func @keywords(%x: !py.object) -> !py.object attributes {py.baseline, py.kind = "function", py.qualname = "keywords", py.locals = ["x"], py.argcount = 1 : i32} {
  %null = py.null
  %s = py.frame_state 10 locals(%x) stack(%x, %null, %x) : (!py.object), (!py.object, !py.object, !py.object)
  %r = py.call %x, %null(%x) kwnames 1 at %s
  func.return %r : !py.object
}

func.func @f(%x: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "f", py.locals = ["x", "s", "t", "u"], py.argcount = 1 : i32} {
  %null = py.null
  %s0 = py.frame_state 2 locals(%x, %null, %null, %null) stack(%x) : (!py.object, !py.object, !py.object, !py.object), (!py.object)
  %it = py.get_iter %x at %s0
  cf.br ^loop(%null, %null, %null, %it : !py.object, !py.object, !py.object, !py.object)
^loop(%s: !py.object, %t: !py.object, %u: !py.object, %iter: !py.object):
  %s1 = py.frame_state 4 locals(%x, %s, %t, %u) stack(%iter) : (!py.object, !py.object, !py.object, !py.object), (!py.object)
  %v, %end = py.for_iter %iter at %s1
  cf.cond_br %end, ^done, ^body
^body:
  %s2 = py.frame_state 6 locals(%x, %s, %t, %u) stack(%iter, %v) : (!py.object, !py.object, !py.object, !py.object), (!py.object, !py.object)
  py.store_local 1 "s", %v at %s2
  py.store_local 2 "t", %x at %s2
  cf.br ^loop(%v, %x, %u, %iter : !py.object, !py.object, !py.object, !py.object)
^done:
  %s3 = py.frame_state 8 locals(%x, %s, %t, %u) stack(%s, %t) : (!py.object, !py.object, !py.object, !py.object), (!py.object, !py.object)
  %r = py.binary add %s, %t at %s3
  func.return %r : !py.object
}

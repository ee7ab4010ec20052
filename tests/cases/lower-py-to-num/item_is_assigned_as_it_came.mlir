// passes: infer-types,lower-py-to-num
// The items of a generator have been ints: they are added as numbers, and the local has the object.
func.func @f(%g: !py.object) -> !py.object attributes {
    py.qualname = "f", py.kind = "function", py.mode = "auto", py.argcount = 1 : i32,
    py.locals = ["g", "s", "v"], py.seen = ["26:0 i64"]} {
  %null = py.null
  %0 = py.constant 1 = 0 : i64
  %s1 = py.frame_state 4 locals(%g, %null, %null) stack(%0) : (!py.object, !py.object, !py.object), (!py.object)
  py.store_local 1 "s", %0 at %s1
  %s4 = py.frame_state 24 locals(%g, %0, %null) stack(%g) : (!py.object, !py.object, !py.object), (!py.object)
  %it = py.get_iter %g at %s4
  cf.br ^head(%0, %null : !py.object, !py.object)
^head(%s: !py.object, %old: !py.object):
  %s5 = py.frame_state 26 locals(%g, %s, %old) stack(%it) : (!py.object, !py.object, !py.object), (!py.object)
  %v, %end = py.for_iter %it at %s5
  cf.cond_br %end, ^exit, ^body
^body:
  %s6 = py.frame_state 30 locals(%g, %s, %old) stack(%it, %v) : (!py.object, !py.object, !py.object), (!py.object, !py.object)
  py.store_local 2 "v", %v at %s6
  %s7 = py.frame_state 34 locals(%g, %s, %v) stack(%it, %s, %v) : (!py.object, !py.object, !py.object), (!py.object, !py.object, !py.object)
  %u = py.binary inplace_add %s, %v at %s7
  %s8 = py.frame_state 38 locals(%g, %s, %v) stack(%it, %u) : (!py.object, !py.object, !py.object), (!py.object, !py.object)
  py.store_local 1 "s", %u at %s8
  cf.br ^head(%u, %v : !py.object, !py.object)
^exit:
  func.return %s : !py.object
}

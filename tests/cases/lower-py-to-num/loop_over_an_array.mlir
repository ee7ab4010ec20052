// passes: infer-types,lower-py-to-num
func.func @f(%a: !py.object) -> !py.object attributes {
    py.qualname = "f", py.kind = "function", py.mode = "auto", py.argcount = 1 : i32,
    py.locals = ["a", "s", "i"], py.param_types = ["bytearray<u8, 1, contiguous>"]} {
  %aull = py.null
  %0 = py.constant 1 = 0 : i64
  %s0 = py.frame_state 0 locals(%a, %aull, %aull) stack() : (!py.object, !py.object, !py.object)
  py.poll at %s0
  %s1 = py.frame_state 4 locals(%a, %aull, %aull) stack(%0) : (!py.object, !py.object, !py.object), (!py.object)
  py.store_local 1 "s", %0 at %s1
  %s4 = py.frame_state 24 locals(%a, %0, %aull) stack(%a) : (!py.object, !py.object, !py.object), (!py.object)
  %it = py.get_iter %a at %s4
  cf.br ^head(%0, %aull : !py.object, !py.object)
^head(%s: !py.object, %i: !py.object):
  %s5 = py.frame_state 26 locals(%a, %s, %i) stack(%it) : (!py.object, !py.object, !py.object), (!py.object)
  %v, %end = py.for_iter %it at %s5
  cf.cond_br %end, ^exit, ^body
^body:
  %s6 = py.frame_state 30 locals(%a, %s, %i) stack(%it, %v) : (!py.object, !py.object, !py.object), (!py.object, !py.object)
  py.store_local 2 "i", %v at %s6
  %s7 = py.frame_state 34 locals(%a, %s, %v) stack(%it, %s, %v) : (!py.object, !py.object, !py.object), (!py.object, !py.object, !py.object)
  %u = py.binary inplace_add %s, %v at %s7
  %s8 = py.frame_state 38 locals(%a, %s, %v) stack(%it, %u) : (!py.object, !py.object, !py.object), (!py.object, !py.object)
  py.store_local 1 "s", %u at %s8
  %s9 = py.frame_state 40 locals(%a, %u, %v) stack(%it) : (!py.object, !py.object, !py.object), (!py.object)
  py.poll at %s9
  cf.br ^head(%u, %v : !py.object, !py.object)
^exit:
  func.return %s : !py.object
}

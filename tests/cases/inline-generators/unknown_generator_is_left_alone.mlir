func.func @total(%n: !py.object) -> !py.object attributes {py.kind = "function", py.argcount = 1 : i32, py.locals = ["n", "sum"], py.qualname = "total"} {
  %null = py.null
  %zero = py.constant 1 = 0 : i64
  %s0 = py.frame_state 6 locals(%n, %zero) stack() : (!py.object, !py.object)
  %count = py.load_global 0 "count" at %s0
  %s1 = py.frame_state 18 locals(%n, %zero) stack(%count, %null, %n) : (!py.object, !py.object), (!py.object, !py.object, !py.object)
  %g = py.call %count, %null(%n) at %s1
  %s2 = py.frame_state 26 locals(%n, %zero) stack(%g) : (!py.object, !py.object), (!py.object)
  %it = py.get_iter %g at %s2
  cf.br ^head(%zero : !py.object)
^head(%sum: !py.object):
  %s3 = py.frame_state 28 locals(%n, %sum) stack(%it) : (!py.object, !py.object), (!py.object)
  %v, %end = py.for_iter %it at %s3
  cf.cond_br %end, ^exit, ^body
^body:
  %s4 = py.frame_state 36 locals(%n, %sum) stack(%it, %sum, %v) : (!py.object, !py.object), (!py.object, !py.object, !py.object)
  %more = py.binary inplace_add %sum, %v at %s4
  %s5 = py.frame_state 42 locals(%n, %more) stack(%it) : (!py.object, !py.object), (!py.object)
  py.poll at %s5
  cf.br ^head(%more : !py.object)
^exit:
  return %sum : !py.object
}


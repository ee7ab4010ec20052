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

func.func @"generator count"() -> !py.object attributes {py.callee = "count", py.kind = "generator", py.argcount = 1 : i32, py.locals = ["n", "i"], py.qualname = "count", py.start = 2 : i32} {
  %n = py.load_local 0 "n"
  %unbound = py.load_local 1 "i"
  %sent = state.sent
  %zero = py.constant 1 = 0 : i64
  %one = py.constant 2 = 1 : i64
  %none = py.constant 0 = unit
  %s0 = py.frame_state 8 locals(%n, %unbound) stack(%zero) : (!py.object, !py.object), (!py.object)
  py.store_local 1 "i", %zero at %s0
  cf.br ^loop(%zero : !py.object)
^loop(%i: !py.object):
  %s1 = py.frame_state 12 locals(%n, %i) stack(%i, %n) : (!py.object, !py.object), (!py.object, !py.object)
  %r, %raised = py.compare lt %i, %n at %s1 catch i1
  cf.cond_br %raised, ^failed, ^compared
^compared:
  %t, %raised2 = py.truth %r at %s1 catch i1
  cf.cond_br %raised2, ^failed, ^tested
^tested:
  cf.cond_br %t, ^more, ^done
^more:
  %s2 = py.frame_state 24 locals(%n, %i) stack() : (!py.object, !py.object)
  %again0 = state.yield %i at %s2
  %again = state.yield %i at %s2
  %s3 = py.frame_state 32 locals(%n, %i) stack(%i, %one) : (!py.object, !py.object), (!py.object, !py.object)
  %next, %raised3 = py.binary inplace_add %i, %one at %s3 catch i1
  cf.cond_br %raised3, ^failed, ^added
^added:
  %s4 = py.frame_state 48 locals(%n, %next) stack() : (!py.object, !py.object)
  py.poll at %s4
  cf.br ^loop(%next : !py.object)
^done:
  state.return %none
^failed:
  %e = py.fetch_exception
  %s5 = py.frame_state 58 locals(%n, %n) stack(%e, %e) : (!py.object, !py.object), (!py.object, !py.object)
  py.reraise %e, %e at %s5
  py.propagate
}

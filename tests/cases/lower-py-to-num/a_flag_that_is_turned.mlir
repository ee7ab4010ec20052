// passes: infer-types,lower-py-to-num
func.func @f(%n: !py.object) -> !py.object attributes {py.kind = "function", py.mode = "auto", py.qualname = "f", py.locals = ["q"], py.argcount = 1 : i32, py.param_types = [i1]} {
  %true = arith.constant true
  %s = py.frame_state 0 locals(%n) stack() : (!py.object)
  py.poll at %s
  cf.br ^bb1(%n : !py.object)
^bb1(%q: !py.object):
  %s0 = py.frame_state 2 locals(%q) stack() : (!py.object)
  %t = py.truth %q at %s0
  %u = arith.xori %t, %true : i1
  %r = py.box %u : i1
  %s1 = py.frame_state 4 locals(%r) stack() : (!py.object)
  %v = py.truth %q at %s1
  cf.cond_br %v, ^bb1(%r : !py.object), ^bb2
^bb2:
  func.return %r : !py.object
}

// passes: infer-types,lower-py-to-num
func.func @f(%x: !py.object, %c: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "f", py.locals = ["x", "c"], py.argcount = 2 : i32, py.param_types = [f64, f64]} {
  %s0 = py.frame_state 2 locals(%x, %c) stack(%x) : (!py.object, !py.object), (!py.object)
  %truth = py.truth %x at %s0
  cf.cond_br %truth, ^join(%x : !py.object), ^compute
^compute:
  %s1 = py.frame_state 4 locals(%x, %c) stack(%x, %c) : (!py.object, !py.object), (!py.object, !py.object)
  %r, %raised = py.binary remainder %x, %c at %s1 catch i1
  cf.cond_br %raised, ^handler, ^join(%r : !py.object)
^join(%y: !py.object):
  func.return %y : !py.object
^handler:
  %e = py.fetch_exception
  func.return %x : !py.object
}

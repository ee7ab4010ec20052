// Two more loads behind the test of the first one.
func.func @f(%node: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "f", py.locals = ["node"], py.argcount = 1 : i32} {
  %s = py.frame_state 10 locals(%node) stack(%node) : (!py.object), (!py.object)
  %a = py.load_attr %node, 1 "next" at %s
  %none = py.none
  %end = py.is %a, %none
  cf.cond_br %end, ^done, ^there
^there:
  %t = py.frame_state 20 locals(%node) stack(%node) : (!py.object), (!py.object)
  %b = py.load_attr %node, 1 "next" at %t
  %c = py.load_attr %node, 1 "next" at %t
  %r = py.call %b, %c() at %t
  func.return %r : !py.object
^done:
  func.return %a : !py.object
}

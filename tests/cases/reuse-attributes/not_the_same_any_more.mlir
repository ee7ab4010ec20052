// A call, a store, another attribute, another object, and a stack that has lost an object.
func.func @f(%x: !py.object, %y: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "f", py.locals = ["x", "y"], py.argcount = 2 : i32} {
  %s = py.frame_state 10 locals(%x, %y) stack(%x) : (!py.object, !py.object), (!py.object)
  %a = py.load_attr %x, 1 "p" at %s
  %null = py.null
  %r = py.call %a, %null() at %s
  %b = py.load_attr %x, 1 "p" at %s
  py.store_attr %x, 1 "p", %r at %s
  %c = py.load_attr %x, 1 "p" at %s
  %d = py.load_attr %x, 2 "q" at %s
  %e = py.load_attr %y, 2 "q" at %s
  %t = py.frame_state 20 locals(%x, %y) stack(%d, %y) : (!py.object, !py.object), (!py.object, !py.object)
  %g = py.load_attr %y, 2 "q" at %t
  py.store_local 0 "x", %g at %t
  %h = py.load_attr %y, 2 "q" at %t
  func.return %h : !py.object
}
func.func @joined(%x: !py.object, %c: i1) -> !py.object attributes {py.kind = "function", py.qualname = "joined", py.locals = ["x"], py.argcount = 1 : i32} {
  %s = py.frame_state 10 locals(%x) stack(%x) : (!py.object), (!py.object)
  cf.cond_br %c, ^one, ^two
^one:
  %a = py.load_attr %x, 1 "p" at %s
  cf.br ^both(%a : !py.object)
^two:
  %b = py.none
  cf.br ^both(%b : !py.object)
^both(%either: !py.object):
  %d = py.load_attr %x, 1 "p" at %s
  %e = py.build_list(%either, %d) at %s
  func.return %e : !py.object
}

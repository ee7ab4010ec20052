// An attribute that something is taken from is noted, another is not.
func.func @f(%x: !py.object) -> !py.object attributes {py.baseline, py.kind = "function", py.qualname = "f", py.locals = ["x"], py.argcount = 1 : i32} {
  %s0 = py.frame_state 2 locals(%x) stack(%x) : (!py.object), (!py.object)
  %a = py.load_attr %x, 0 "cells" at %s0
  %s1 = py.frame_state 22 locals(%x) stack(%a, %x) : (!py.object), (!py.object, !py.object)
  %b = py.load_attr %x, 1 "index" at %s1
  %s2 = py.frame_state 42 locals(%x) stack(%a, %b) : (!py.object), (!py.object, !py.object)
  %i = py.load_subscr %a, %b at %s2
  func.return %i : !py.object
}

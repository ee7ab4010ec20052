// A local that is an object is kept by its slot, and so the function that has one keeps its frame.
func.func @f(%p: !py.object, %q: !py.object) -> !py.object attributes {py.kind = "function", py.locals = ["p", "q", "x"], py.argcount = 2 : i32, py.mode = "auto", py.elide} {
  %null = py.null
  %s0 = py.frame_state 0 locals(%p, %q, %null) stack(%p) : (!py.object, !py.object, !py.object), (!py.object)
  %a = py.load_attr %p, 0 "items" at %s0
  %s1 = py.frame_state 6 locals(%p, %q, %null) stack(%a, %q) : (!py.object, !py.object, !py.object), (!py.object, !py.object)
  %x = py.load_subscr %a, %q at %s1
  %s3 = py.frame_state 10 locals(%p, %q, %null) stack(%x, %q) : (!py.object, !py.object, !py.object), (!py.object, !py.object)
  %less = py.compare_truth lt %x, %q at %s3
  cf.cond_br %less, ^less, ^other
^less:
  %s4 = py.frame_state 14 locals(%p, %q, %null) stack(%x, %q) : (!py.object, !py.object, !py.object), (!py.object, !py.object)
  %sum = py.binary add %x, %q at %s4
  %s5 = py.frame_state 18 locals(%p, %q, %null) stack(%sum, %p) : (!py.object, !py.object, !py.object), (!py.object, !py.object)
  py.store_attr %p, 1 "sum", %sum at %s5
  %none = py.none
  func.return %none : !py.object
^other:
  %s6 = py.frame_state 24 locals(%p, %q, %null) stack(%x) : (!py.object, !py.object, !py.object), (!py.object)
  %true = py.truth %x at %s6
  %s7 = py.frame_state 26 locals(%p, %q, %null) stack(%x, %q) : (!py.object, !py.object, !py.object), (!py.object, !py.object)
  %same = py.compare eq %x, %q at %s7
  func.return %same : !py.object
}
func.func @local_is_stored(%p: !py.object) -> !py.object attributes {py.kind = "function", py.locals = ["p", "x"], py.argcount = 1 : i32, py.mode = "auto", py.elide} {
  %null = py.null
  %s0 = py.frame_state 0 locals(%p, %null) stack(%p) : (!py.object, !py.object), (!py.object)
  %a = py.load_attr %p, 0 "next" at %s0
  %s1 = py.frame_state 6 locals(%p, %null) stack(%a) : (!py.object, !py.object), (!py.object)
  py.store_local 1 "x", %a at %s1
  func.return %a : !py.object
}
func.func @parameter_is_stored(%p: !py.object) -> !py.object attributes {py.kind = "function", py.locals = ["p"], py.argcount = 1 : i32, py.mode = "auto", py.elide} {
  %s0 = py.frame_state 0 locals(%p) stack(%p) : (!py.object), (!py.object)
  %a = py.load_attr %p, 0 "next" at %s0
  %s1 = py.frame_state 6 locals(%p) stack(%a) : (!py.object), (!py.object)
  py.store_local 0 "p", %a at %s1
  func.return %a : !py.object
}

// The cell is put into its slot where a frame is made; an attribute that is not the object's own leaves.
func.func @f(%p: !py.object) -> !py.object attributes {py.kind = "function", py.locals = ["p", "k"], py.argcount = 1 : i32, py.mode = "auto", py.elide} {
  %null = py.null
  %k = py.load_closure 0
  %s = py.frame_state 0 locals(%p, %null) stack() : (!py.object, !py.object)
  py.store_local 1 "k", %k at %s
  py.poll at %s
  %t = py.frame_state 6 locals(%p, %k) stack(%p) : (!py.object, !py.object), (!py.object)
  %ok, %n = py.read_deref %k : i64
  num.guard %ok at %t "expected an int of 64 bits"
  %written = py.write_deref %n, %k : i64
  num.guard %written at %t "expected a number in the cell"
  %a = py.load_attr %p, 0 "next" at %t
  func.return %a : !py.object
}
func.func @without_guesses(%p: !py.object) -> !py.object attributes {py.kind = "function", py.locals = ["p"], py.argcount = 1 : i32, py.mode = "auto", py.elide, py.no_guesses} {
  %t = py.frame_state 6 locals(%p) stack(%p) : (!py.object), (!py.object)
  %a = py.load_attr %p, 0 "next" at %t
  func.return %a : !py.object
}

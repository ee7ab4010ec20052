func.func @add(%a: !py.object, %b: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "add", py.locals = ["a", "b"], py.argcount = 2 : i32, py.elide} {
  %s = py.frame_state 0 locals(%a, %b) stack() : (!py.object, !py.object)
  %0 = py.unbox %a at %s : i64
  %1 = py.unbox %b at %s : i64
  py.poll at %s
  %t = py.frame_state 6 locals(%a, %b) stack(%a, %b) : (!py.object, !py.object), (!py.object, !py.object)
  %2 = num.add %0, %1 at %t
  %3 = py.box %2 : i64
  func.return %3 : !py.object
}

func.func @f(%p: !py.object) -> !py.object attributes {py.kind = "function", py.locals = ["p"], py.argcount = 1 : i32} {
  %c = py.load_closure 0
  %ok, %x = py.read_deref %c : i64
  %written = py.write_deref %x, %c : i64
  %found, %y = py.peek_attr %p, 0 "next"
  cf.cond_br %found, ^yes, ^no
^yes:
  py.decref %y
  %0 = py.none
  func.return %0 : !py.object
^no:
  %1 = py.none
  func.return %1 : !py.object
}

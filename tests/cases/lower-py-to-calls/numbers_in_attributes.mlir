func.func @f(%p: !py.object) -> !py.object attributes {py.kind = "function", py.locals = ["p"], py.argcount = 1 : i32} {
  %ok, %x = py.read_attr %p, 0 "x" : f64
  %written = py.write_attr %x, %p, 1 "y" : f64
  cf.cond_br %written, ^yes, ^no
^yes:
  %0 = py.none
  func.return %0 : !py.object
^no:
  %1 = py.none
  func.return %1 : !py.object
}

// Each is checked later. `y` was an int, so that the store of a float is that of an object.
func.func @f(%p: !py.object) -> !py.object attributes {py.kind = "function", py.locals = ["p"], py.argcount = 1 : i32, py.qualname = "f", py.attributes = ["x f64", "y i64"], py.methods = ["area f64"]} {
  %s = py.frame_state 2 locals(%p) stack(%p) : (!py.object), (!py.object)
  %x = py.load_attr %p, 0 "x" at %s
  %t = py.frame_state 22 locals(%p) stack(%x, %p) : (!py.object), (!py.object, !py.object)
  %m, %self = py.load_method %p, 2 "area" at %t
  %a = py.call %m, %self() at %t
  %u = py.frame_state 44 locals(%p) stack(%x, %a) : (!py.object), (!py.object, !py.object)
  %sum = py.binary add %x, %a at %u
  py.store_attr %p, 0 "x", %sum at %u
  py.store_attr %p, 1 "y", %sum at %u
  func.return %sum : !py.object
}
func.func @g(%self: !py.object) -> !py.object attributes {py.kind = "function", py.locals = ["self"], py.argcount = 1 : i32, py.qualname = "P.__init__", py.attributes = ["x f64"]} {
  %zero = py.constant 1 = 0.0 : f64
  %s = py.frame_state 2 locals(%self) stack(%zero, %self) : (!py.object), (!py.object, !py.object)
  py.store_attr %self, 0 "x", %zero at %s
  func.return %zero : !py.object
}

// The attribute is a list of integers, as far as was seen; another one is not known.
func.func @f(%self: !py.object, %i: !py.object) -> !py.object attributes {py.kind = "function", py.locals = ["self", "i"], py.argcount = 2 : i32, py.qualname = "f", py.param_types = ["object", i64], py.attribute_items = ["parent list i64", "rows list list f64"]} {
  %s = py.frame_state 2 locals(%self, %i) stack(%self) : (!py.object, !py.object), (!py.object)
  %a = py.load_attr %self, 0 "parent" at %s
  %t = py.frame_state 22 locals(%self, %i) stack(%a, %i) : (!py.object, !py.object), (!py.object, !py.object)
  %n = py.load_subscr %a, %i at %t
  %b = py.load_attr %self, 1 "rows" at %t
  %u = py.frame_state 34 locals(%self, %i) stack(%n, %b, %i) : (!py.object, !py.object), (!py.object, !py.object, !py.object)
  %row = py.load_subscr %b, %i at %u
  %x = py.load_subscr %row, %n at %u
  %c = py.load_attr %self, 2 "other" at %u
  %v = py.frame_state 48 locals(%self, %i) stack(%x, %c, %i) : (!py.object, !py.object), (!py.object, !py.object, !py.object)
  %o = py.load_subscr %c, %i at %v
  func.return %o : !py.object
}

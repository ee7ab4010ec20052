// The list is filled with floats, the argument had floats in it, and `len` yields an int: each is checked later.
func.func @f(%list: !py.object) -> !py.object attributes {py.kind = "function", py.locals = ["list"], py.argcount = 1 : i32, py.param_items = ["list f64"], py.results = ["area f64"]} {
  %zero = py.constant 1 = 0 : i64
  %half = py.constant 2 = 0.5 : f64
  %s = py.frame_state 2 locals(%list) stack(%half) : (!py.object), (!py.object)
  %own = py.build_list(%half) at %s
  %t = py.frame_state 4 locals(%list) stack(%own, %zero) : (!py.object), (!py.object, !py.object)
  %a = py.load_subscr %own, %zero at %t
  %b = py.load_subscr %list, %zero at %t
  %len = py.load_global 0 "len" at %s
  %area = py.load_global 1 "area" at %s
  %null = py.null
  %c = py.call %len, %null(%list) at %s
  %d = py.call %area, %null(%list) at %s
  %text = py.constant 3 = "text"
  py.store_subscr %own, %zero, %text at %t
  %e = py.build_tuple(%a, %b, %c, %d) at %s
  func.return %e : !py.object
}

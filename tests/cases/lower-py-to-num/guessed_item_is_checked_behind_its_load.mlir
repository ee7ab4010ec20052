// Both forms are at hand: the number for arithmetic, the object for whoever wants one.
func.func @f(%list: !py.object) -> !py.object attributes {py.block_types = [["object"]], py.kind = "function", py.locals = ["list"], py.argcount = 1 : i32} {
  %zero = py.constant 1 = 0 : i64 {py.type = "i64"}
  %t = py.frame_state 4 locals(%list) stack(%list, %zero) : (!py.object), (!py.object, !py.object)
  %a = py.load_subscr %list, %zero at %t {py.type = "f64"}
  %u = py.frame_state 8 locals(%list) stack(%a, %a) : (!py.object), (!py.object, !py.object)
  %b = py.binary add %a, %a at %u {py.type = "f64"}
  %c = py.build_tuple(%a, %b) at %u
  func.return %c : !py.object
}

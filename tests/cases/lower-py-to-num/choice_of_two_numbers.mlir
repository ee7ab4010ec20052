func.func @f(%a: !py.object, %b: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "f", py.locals = ["a", "b"], py.argcount = 2 : i32, py.param_types = [f64, f64], py.block_types = [["f64", "f64"]]} {
  %s0 = py.frame_state 0 locals(%a, %b) stack() : (!py.object, !py.object)
  py.poll at %s0
  %c = py.truth %a at %s0
  %1 = arith.select %c, %a, %b {py.type = "f64"} : !py.object
  %s1 = py.frame_state 6 locals(%a, %b) stack(%1, %b) : (!py.object, !py.object), (!py.object, !py.object)
  %2 = py.binary multiply %1, %b at %s1 {py.type = "f64"}
  func.return %2 : !py.object
}

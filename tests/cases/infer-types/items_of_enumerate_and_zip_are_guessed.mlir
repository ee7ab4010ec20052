func.func @f(%xs: !py.object, %ys: !py.object) -> !py.object attributes {
    py.qualname = "f", py.kind = "function", py.mode = "auto", py.argcount = 2 : i32,
    py.locals = ["xs", "ys"], py.param_items = ["list f64", "list i64"]} {
  %null = py.null
  %s0 = py.frame_state 2 locals(%xs, %ys) stack() : (!py.object, !py.object)
  %zip = py.load_global 0 "zip" at %s0
  %pairs = py.call %zip, %null(%xs, %ys) at %s0
  %it = py.get_iter %pairs at %s0
  cf.br ^head
^head:
  %s1 = py.frame_state 10 locals(%xs, %ys) stack(%it) : (!py.object, !py.object), (!py.object)
  %pair, %end = py.for_iter %it at %s1
  cf.cond_br %end, ^behind, ^body
^body:
  %s2 = py.frame_state 14 locals(%xs, %ys) stack(%it, %pair) : (!py.object, !py.object), (!py.object, !py.object)
  %x, %y = py.unpack_sequence %pair at %s2 : !py.object, !py.object
  %s3 = py.frame_state 20 locals(%xs, %ys) stack(%it, %x, %y) : (!py.object, !py.object), (!py.object, !py.object, !py.object)
  %sum = py.binary add %x, %y at %s3
  cf.br ^head
^behind:
  %s4 = py.frame_state 30 locals(%xs, %ys) stack() : (!py.object, !py.object)
  %enumerate = py.load_global 1 "enumerate" at %s4
  %counted = py.call %enumerate, %null(%xs) at %s4
  %it2 = py.get_iter %counted at %s4
  %s5 = py.frame_state 34 locals(%xs, %ys) stack(%it2) : (!py.object, !py.object), (!py.object)
  %two, %end2 = py.for_iter %it2 at %s5
  %i, %z = py.unpack_sequence %two at %s5 : !py.object, !py.object
  func.return %i : !py.object
}

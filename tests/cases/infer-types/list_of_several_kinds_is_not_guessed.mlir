// A string is put into the list behind the load.
func.func @f(%text: !py.object) -> !py.object attributes {py.kind = "function", py.locals = ["text"], py.argcount = 1 : i32} {
  %zero = py.constant 1 = 0 : i64
  %half = py.constant 2 = 0.5 : f64
  %s = py.frame_state 2 locals(%text) stack(%half) : (!py.object), (!py.object)
  %own = py.build_list(%half) at %s
  %t = py.frame_state 4 locals(%text) stack(%own, %zero) : (!py.object), (!py.object, !py.object)
  cf.br ^again
^again:
  %a = py.load_subscr %own, %zero at %t
  %truth = py.truth %a at %t
  py.list_append %own, %text at %t
  cf.cond_br %truth, ^again, ^done
^done:
  func.return %a : !py.object
}

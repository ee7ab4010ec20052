func.func @each(%x: !py.object, %f: !py.object, %n: i64) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %null = py.null
  cf.br ^head(%zero : i64)
^head(%i: i64):
  %end = arith.cmpi eq, %i, %n : i64
  cf.cond_br %end, ^exit, ^body
^body:
  %s = py.frame_state 20 locals(%x, %i) stack() : (!py.object, i64)
  %ok, %items, %length = py.sequence %x as "list"
  num.guard %ok at %s "expected a list"
  %ok2, %items2, %length2 = py.sequence %x as "list"
  num.guard %ok2 at %s "expected a list"
  %r = py.call %f, %null() at %s
  %ok3, %items3, %length3 = py.sequence %x as "list"
  num.guard %ok3 at %s "expected a list"
  %next = arith.addi %i, %one : i64
  cf.br ^head(%next : i64)
^exit:
  return
}

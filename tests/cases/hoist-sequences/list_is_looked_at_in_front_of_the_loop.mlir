func.func @scale(%x: !py.object, %n: i64, %k: f64) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  cf.br ^head(%zero, %n : i64, i64)
^head(%i: i64, %left: i64):
  %end = arith.cmpi eq, %left, %zero : i64
  cf.cond_br %end, ^exit, ^body
^body:
  %s = py.frame_state 20 locals(%x, %i) stack() : (!py.object, i64)
  %ok, %items, %length = py.sequence %x as "sequence"
  num.guard %ok at %s "expected a list or tuple"
  %p = num.index %i in %length at %s
  %is_float, %v = py.read_item %x, %items[%p] : f64
  num.guard %is_float at %s "expected a float"
  %w = arith.mulf %v, %k : f64
  %ok2, %items2, %length2 = py.sequence %x as "list"
  num.guard %ok2 at %s "expected a list"
  %q = num.index %i in %length2 at %s
  %written = py.write_item %w, %x, %items2[%q] : f64
  num.guard %written at %s "expected a number in the list"
  py.poll at %s
  %next = arith.addi %i, %one : i64
  %rest = arith.subi %left, %one : i64
  cf.br ^head(%next, %rest : i64, i64)
^exit:
  return
}

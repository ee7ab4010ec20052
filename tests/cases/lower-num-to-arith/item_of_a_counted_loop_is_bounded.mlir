func.func @f(%a: i64) -> i64 {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %three = arith.constant 3 : i64
  %prime = arith.constant 10007 : i64
  %s = py.frame_state 8 locals(%a) stack() : (i64)
  %length = num.range_length %zero, %three, %one at %s
  cf.br ^head(%zero, %zero, %length : i64, i64, i64)
^head(%x: i64, %item: i64, %left: i64):
  %end = arith.cmpi eq, %left, %zero : i64
  %next = arith.addi %item, %one : i64
  %less = arith.subi %left, %one : i64
  cf.cond_br %end, ^exit, ^body
^body:
  %0 = num.mul %item, %prime at %s
  %1 = num.add %x, %0 at %s
  %2 = num.mod %1, %prime at %s
  cf.br ^head(%2, %next, %less : i64, i64, i64)
^exit:
  func.return %x : i64
}

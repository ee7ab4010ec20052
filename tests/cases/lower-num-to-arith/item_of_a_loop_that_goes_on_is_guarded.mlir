func.func @f(%a: i64) -> i64 {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %three = arith.constant 3 : i64
  %s = py.frame_state 8 locals(%a) stack() : (i64)
  cf.br ^head(%zero, %three : i64, i64)
^head(%item: i64, %left: i64):
  %end = arith.cmpi eq, %left, %zero : i64
  %next = arith.addi %item, %one : i64
  %less = arith.subi %left, %one : i64
  cf.cond_br %end, ^body, ^body
^body:
  %0 = num.mul %item, %three at %s
  %1 = arith.cmpi slt, %0, %a : i64
  cf.cond_br %1, ^head(%next, %less : i64, i64), ^exit
^exit:
  func.return %0 : i64
}

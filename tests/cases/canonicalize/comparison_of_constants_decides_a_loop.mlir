func.func @f(%x: i64, %again: i1) -> i64 {
  %0 = arith.constant 5 : i64
  %1 = arith.constant 3 : i64
  %true = arith.constant true
  %less = arith.cmpi slt, %0, %1 : i64
  %both = arith.andi %less, %again : i1
  cf.cond_br %both, ^head(%x, %x : i64, i64), ^exit(%x : i64)
^head(%y: i64, %z: i64):
  cf.cond_br %again, ^back, ^exit(%z : i64)
^back:
  cf.br ^head(%y, %y : i64, i64)
^exit(%r: i64):
  func.return %r : i64
}

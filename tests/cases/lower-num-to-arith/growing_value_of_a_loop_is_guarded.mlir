func.func @f(%a: i64) -> i64 {
  %zero = arith.constant 0 : i64
  %two = arith.constant 2 : i64
  %s = py.frame_state 8 locals(%a) stack() : (i64)
  cf.br ^head(%two : i64)
^head(%x: i64):
  %0 = num.floordiv %x, %two at %s
  %1 = num.add %x, %0 at %s
  %2 = arith.cmpi slt, %1, %a : i64
  cf.cond_br %2, ^head(%1 : i64), ^exit
^exit:
  func.return %1 : i64
}

func.func @body(%x: i64, %c: i1) -> i64 {
  cf.cond_br %c, ^one, ^two(%x : i64)
^one:
  %y = arith.addi %x, %x : i64
  cf.br ^two(%y : i64)
^two(%r: i64):
  func.return %r : i64
}

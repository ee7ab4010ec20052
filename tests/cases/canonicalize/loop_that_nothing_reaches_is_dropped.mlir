// It passes an argument of its own on unchanged.
func.func @f(%x: i64, %again: i1) -> i64 {
  %false = arith.constant false
  cf.cond_br %false, ^head(%x, %x : i64, i64), ^exit(%x : i64)
^head(%y: i64, %z: i64):
  cf.cond_br %again, ^back, ^exit(%z : i64)
^back:
  cf.br ^head(%y, %y : i64, i64)
^exit(%r: i64):
  func.return %r : i64
}

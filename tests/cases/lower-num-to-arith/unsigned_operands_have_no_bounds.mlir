func.func @f(%a: i64) -> i64 {
  %ten = arith.constant 10 : i64
  %s = py.frame_state 8 locals(%a) stack() : (i64)
  %0 = num.mod %a, %ten at %s {nosign}
  %1 = num.mul %0, %ten at %s {nosign}
  func.return %1 : i64
}

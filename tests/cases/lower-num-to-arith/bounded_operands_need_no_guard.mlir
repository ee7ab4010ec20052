func.func @f(%a: i64, %b: i64) -> i64 {
  %thousand = arith.constant 1000 : i64
  %mask = arith.constant 255 : i64
  %s = py.frame_state 8 locals(%a) stack(%a, %b) : (i64), (i64, i64)
  %x = num.mod %a, %thousand at %s
  %y = arith.andi %b, %mask : i64
  %0 = num.mul %x, %y at %s
  %1 = num.sub %0, %thousand at %s
  %2 = num.floordiv %0, %thousand at %s
  %3 = num.add %1, %2 at %s
  %4 = num.add %3, %a at %s
  func.return %4 : i64
}

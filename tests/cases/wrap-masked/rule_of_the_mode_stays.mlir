// Where overflow raises, it does; a modulus without a sign is another op.
func.func @f(%a: i64, %b: i64) -> i64 {
  %mask = arith.constant 255 : i64
  %s1 = py.frame_state 4 locals(%a, %b) stack(%a) : (i64, i64), (i64)
  %1 = num.add %a, %b at %s1 {overflow = "raise"}
  %2 = arith.andi %1, %mask : i64
  func.return %2 : i64
}

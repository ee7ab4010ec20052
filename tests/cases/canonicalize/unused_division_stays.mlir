// Dividing by zero raises, so a division whose result nobody wants is still carried out; an addition is not.
func.func @f(%n: !py.object, %a: i64, %b: i64, %x: f64) -> !py.object {
  %s = py.frame_state 8 locals(%n) stack() : (!py.object)
  %0 = num.floordiv %a, %b at %s
  %1 = num.divf %x, %x at %s
  %2 = num.add %a, %b at %s
  func.return %n : !py.object
}

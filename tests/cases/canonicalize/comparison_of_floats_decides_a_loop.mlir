// The canonicaliser would fold the comparison, and go on with a loop that nothing reaches.
module {
  func.func @f(%n: i64) -> i64 {
    %one = arith.constant 2.010000e+00 : f64
    %other = arith.constant -1.869300e+01 : f64
    %less = arith.cmpf olt, %one, %other : f64
    cf.cond_br %less, ^head(%n : i64), ^exit
  ^head(%0: i64):
    %again = arith.cmpf olt, %one, %other : f64
    cf.cond_br %again, ^body, ^exit
  ^body:
    cf.br ^head(%0 : i64)
  ^exit:
    return %n : i64
  }
}

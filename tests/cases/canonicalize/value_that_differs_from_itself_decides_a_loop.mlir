module {
  func.func @f(%n: i64) -> i64 {
    %differs = arith.cmpi ne, %n, %n : i64
    cf.cond_br %differs, ^head(%n : i64), ^exit
  ^head(%0: i64):
    %same = arith.subi %0, %0 : i64
    cf.br ^body
  ^body:
    cf.br ^head(%0 : i64)
  ^exit:
    return %n : i64
  }
}

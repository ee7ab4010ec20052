func.func @f(%x: !py.object) -> !py.object attributes {py.kind = "function", py.locals = ["x"], py.qualname = "f"} {
  %null = py.null
  %one = arith.constant 1 : i64
  %true = arith.constant true
  %s = py.frame_state 6 locals(%x) stack() : (!py.object)
  %g = py.call %x, %null(%x) at %s
  %r = py.range_iterator %one, %one, %one
  %maybe = py.box %one if %true : i64
  %p = py.frame_state 24 locals() stack(%x, %one, %maybe, %null, %r), (!py.object, i64, !py.object, !py.object, !py.object)
  state.park 0 %g at %p
  %loop = py.frame_state 30 locals(%x) stack(%g) : (!py.object), (!py.object)
  num.guard %true at %loop "it does not hold"
  num.guard %true at %s "outside of the loop"
  return %g : !py.object
}

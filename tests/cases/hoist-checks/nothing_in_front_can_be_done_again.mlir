module {
  func.func @wait(%x: !py.object) -> !py.object attributes {py.argcount = 1 : i32, py.kind = "function", py.locals = ["x", "y"], py.mode = "auto", py.qualname = "wait"} {
    %true = arith.constant true
    %null = py.null
    %0 = py.frame_state 0 locals(%x, %null) stack(%x) : (!py.object, !py.object), (!py.object)
    py.store_local 1 "y", %x at %0
    cf.br ^bb1
  ^bb1:
    %1 = py.frame_state 8 locals(%x, %x) stack() : (!py.object, !py.object)
    num.assume "flag" at %1
    py.poll at %1
    cf.cond_br %true, ^bb1, ^bb2
  ^bb2:
    return %x : !py.object
  }
}

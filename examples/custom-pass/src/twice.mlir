module {
  func.func @twice(%x: !py.object loc("x")) -> !py.object attributes {py.argcount = 1 : i32, py.kind = "function", py.locals = ["x"], py.mode = "auto", py.param_types = [!py.object], py.qualname = "twice"} {
    %0 = py.frame_state 0 locals(%x) stack() : (!py.object)
    py.poll at %0
    %1 = py.constant 1 = 2 : i64
    %2 = py.frame_state 6 locals(%x) stack(%x, %1) : (!py.object), (!py.object, !py.object)
    %result = py.binary multiply %x, %1 at %2
    return %result : !py.object
  }
}

// def f(x):
//     return x is None
module {
  func.func @f(%x: !py.object) -> !py.object attributes {py.argcount = 1 : i32, py.kind = "function", py.locals = ["x"], py.mode = "auto", py.param_types = [i64], py.qualname = "f"} {
    %0 = py.frame_state 0 locals(%x) stack() : (!py.object)
    py.poll at %0
    %1 = py.constant 0 = unit
    %2 = py.is %x, %1
    %3 = py.box %2 : i1
    return %3 : !py.object
  }
}

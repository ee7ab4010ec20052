// def f(x):
//     return x & 1
module {
  func.func @f(%x: !py.object) -> !py.object attributes {py.argcount = 1 : i32, py.kind = "function", py.locals = ["x"], py.mode = "float", py.param_types = [f64], py.qualname = "f"} {
    %0 = py.frame_state 0 locals(%x) stack() : (!py.object)
    py.poll at %0
    %1 = py.constant 1 = 1 : i64
    %2 = py.frame_state 6 locals(%x) stack(%x, %1) : (!py.object), (!py.object, !py.object)
    %result = py.binary and %x, %1 at %2
    return %result : !py.object
  }
}

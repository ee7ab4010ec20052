// passes: infer-types,lower-py-to-num
// def f(i, x):
//     return x < i
module {
  func.func @f(%i: !py.object, %x: !py.object) -> !py.object attributes {py.argcount = 2 : i32, py.kind = "function", py.locals = ["i", "x"], py.mode = "auto", py.param_types = [i64, f64], py.qualname = "f"} {
    %0 = py.frame_state 0 locals(%i, %x) stack() : (!py.object, !py.object)
    py.poll at %0
    %1 = py.frame_state 4 locals(%i, %x) stack(%x, %i) : (!py.object, !py.object), (!py.object, !py.object)
    %result = py.compare lt %x, %i at %1
    return %result : !py.object
  }
}

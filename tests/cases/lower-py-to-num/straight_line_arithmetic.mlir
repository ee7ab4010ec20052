// passes: infer-types,lower-py-to-num
// def f(x, y):
//     return x * 2 + y
module {
  func.func @f(%x: !py.object, %y: !py.object) -> !py.object attributes {py.argcount = 2 : i32, py.kind = "function", py.locals = ["x", "y"], py.mode = "auto", py.param_types = [i64, f64], py.qualname = "f"} {
    %0 = py.frame_state 0 locals(%x, %y) stack() : (!py.object, !py.object)
    py.poll at %0
    %1 = py.constant 1 = 2 : i64
    %2 = py.frame_state 6 locals(%x, %y) stack(%x, %1) : (!py.object, !py.object), (!py.object, !py.object)
    %result = py.binary multiply %x, %1 at %2
    %3 = py.frame_state 12 locals(%x, %y) stack(%result, %y) : (!py.object, !py.object), (!py.object, !py.object)
    %result_0 = py.binary add %result, %y at %3
    return %result_0 : !py.object
  }
}

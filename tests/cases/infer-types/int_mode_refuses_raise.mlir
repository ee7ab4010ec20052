// def f(x):
//     if x < 0:
//         raise ValueError
//     return x
module {
  func.func @f(%x: !py.object) -> !py.object attributes {py.argcount = 1 : i32, py.kind = "function", py.locals = ["x"], py.mode = "int", py.param_types = [i64], py.qualname = "f"} {
    %0 = py.frame_state 0 locals(%x) stack() : (!py.object)
    py.poll at %0
    %1 = py.constant 1 = 0 : i64
    %2 = py.frame_state 6 locals(%x) stack(%x, %1) : (!py.object), (!py.object, !py.object)
    %result = py.compare lt %x, %1 at %2
    %result_0 = py.truth %result at %2
    cf.cond_br %result_0, ^bb1, ^bb2
  ^bb1:  // pred: ^bb0
    %3 = py.frame_state 14 locals(%x) stack() : (!py.object)
    %result_1 = py.load_global 0 "ValueError" at %3
    %4 = py.null
    %5 = py.frame_state 24 locals(%x) stack(%result_1) : (!py.object), (!py.object)
    py.raise %result_1, %4 at %5
    py.propagate
  ^bb2:  // pred: ^bb0
    return %x : !py.object
  }
}

// def f(x):
//     y = x
//     if x > 3:
//         y = 0.5
//     return y + 1
module {
  func.func @f(%x: !py.object) -> !py.object attributes {py.argcount = 1 : i32, py.kind = "function", py.locals = ["x", "y"], py.mode = "int", py.param_types = [i64], py.qualname = "f"} {
    %0 = py.null
    %1 = py.frame_state 0 locals(%x, %0) stack() : (!py.object, !py.object)
    py.poll at %1
    %2 = py.frame_state 4 locals(%x, %0) stack(%x) : (!py.object, !py.object), (!py.object)
    py.store_local 1 "y", %x at %2
    %3 = py.constant 1 = 3 : i64
    %4 = py.frame_state 10 locals(%x, %x) stack(%x, %3) : (!py.object, !py.object), (!py.object, !py.object)
    %result = py.compare gt %x, %3 at %4
    %result_0 = py.truth %result at %4
    cf.cond_br %result_0, ^bb1, ^bb2(%x : !py.object)
  ^bb1:  // pred: ^bb0
    %y = py.constant 2 = 5.000000e-01 : f64
    %5 = py.frame_state 20 locals(%x, %x) stack(%y) : (!py.object, !py.object), (!py.object)
    py.store_local 1 "y", %y at %5
    cf.br ^bb2(%y : !py.object)
  ^bb2(%y_1: !py.object):  // 2 preds: ^bb0, ^bb1
    %6 = py.constant 3 = 1 : i64
    %7 = py.frame_state 26 locals(%x, %y_1) stack(%y_1, %6) : (!py.object, !py.object), (!py.object, !py.object)
    %result_2 = py.binary add %y_1, %6 at %7
    return %result_2 : !py.object
  }
}

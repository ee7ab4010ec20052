// passes: infer-types,lower-py-to-num
// def f(n):
//     x = n
//     if n:
//         x = 0.5
//     return x
module {
  func.func @f(%n: !py.object) -> !py.object attributes {py.argcount = 1 : i32, py.kind = "function", py.locals = ["n", "x"], py.mode = "auto", py.param_types = [i64], py.qualname = "f"} {
    %0 = py.null
    %1 = py.frame_state 0 locals(%n, %0) stack() : (!py.object, !py.object)
    py.poll at %1
    %2 = py.frame_state 4 locals(%n, %0) stack(%n) : (!py.object, !py.object), (!py.object)
    py.store_local 1 "x", %n at %2
    %3 = py.frame_state 8 locals(%n, %n) stack(%n) : (!py.object, !py.object), (!py.object)
    %result = py.truth %n at %3
    cf.cond_br %result, ^bb1, ^bb2(%n : !py.object)
  ^bb1:  // pred: ^bb0
    %x = py.constant 1 = 5.000000e-01 : f64
    %4 = py.frame_state 22 locals(%n, %n) stack(%x) : (!py.object, !py.object), (!py.object)
    py.store_local 1 "x", %x at %4
    cf.br ^bb2(%x : !py.object)
  ^bb2(%x_0: !py.object):  // 2 preds: ^bb0, ^bb1
    return %x_0 : !py.object
  }
}

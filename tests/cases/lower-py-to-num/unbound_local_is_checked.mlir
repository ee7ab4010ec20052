// passes: infer-types,lower-py-to-num
// def f(n):
//     while n > 0:
//         q = n * 2
//         n -= 1
//     return q
module {
  func.func @f(%n: !py.object) -> !py.object attributes {py.argcount = 1 : i32, py.kind = "function", py.locals = ["n", "q"], py.mode = "auto", py.param_types = [i64], py.qualname = "f"} {
    %0 = py.null
    %1 = py.frame_state 0 locals(%n, %0) stack() : (!py.object, !py.object)
    py.poll at %1
    %2 = py.constant 1 = 0 : i64
    %3 = py.frame_state 6 locals(%n, %0) stack(%n, %2) : (!py.object, !py.object), (!py.object, !py.object)
    %result = py.compare gt %n, %2 at %3
    %result_0 = py.truth %result at %3
    cf.cond_br %result_0, ^bb1(%n, %0 : !py.object, !py.object), ^bb3(%n, %0 : !py.object, !py.object)
  ^bb1(%n_1: !py.object, %q: !py.object):  // 2 preds: ^bb0, ^bb2
    %4 = py.constant 2 = 2 : i64
    %5 = py.frame_state 18 locals(%n_1, %q) stack(%n_1, %4) : (!py.object, !py.object), (!py.object, !py.object)
    %q_2 = py.binary multiply %n_1, %4 at %5
    %6 = py.frame_state 22 locals(%n_1, %q) stack(%q_2) : (!py.object, !py.object), (!py.object)
    py.store_local 1 "q", %q_2 at %6
    %7 = py.constant 3 = 1 : i64
    %8 = py.frame_state 28 locals(%n_1, %q_2) stack(%n_1, %7) : (!py.object, !py.object), (!py.object, !py.object)
    %n_3 = py.binary inplace_subtract %n_1, %7 at %8
    %9 = py.frame_state 32 locals(%n_1, %q_2) stack(%n_3) : (!py.object, !py.object), (!py.object)
    py.store_local 0 "n", %n_3 at %9
    %10 = py.constant 1 = 0 : i64
    %11 = py.frame_state 38 locals(%n_3, %q_2) stack(%n_3, %10) : (!py.object, !py.object), (!py.object, !py.object)
    %result_4 = py.compare gt %n_3, %10 at %11
    %result_5 = py.truth %result_4 at %11
    cf.cond_br %result_5, ^bb2, ^bb3(%n_3, %q_2 : !py.object, !py.object)
  ^bb2:  // pred: ^bb1
    %12 = py.frame_state 46 locals(%n_3, %q_2) stack() : (!py.object, !py.object)
    py.poll at %12
    cf.br ^bb1(%n_3, %q_2 : !py.object, !py.object)
  ^bb3(%n_6: !py.object, %q_7: !py.object):  // 2 preds: ^bb0, ^bb1
    %13 = py.frame_state 50 locals(%n_6, %q_7) stack() : (!py.object, !py.object)
    %result_8 = py.check_bound %q_7, 1 "q" at %13 : !py.object -> !py.object
    return %result_8 : !py.object
  }
}

// passes: infer-types,lower-py-to-num
// def f(n, m):
//     total = 0
//     for i in range(n):
//         for j in range(i, m, -2):
//             total += i * j
//     return total
module {
  func.func @f(%n: !py.object, %m: !py.object) -> !py.object attributes {py.argcount = 2 : i32, py.kind = "function", py.locals = ["n", "m", "total", "i", "j"], py.mode = "auto", py.param_types = [i64, i64], py.qualname = "f"} {
    %0 = py.null
    %1 = py.frame_state 0 locals(%n, %m, %0, %0, %0) stack() : (!py.object, !py.object, !py.object, !py.object, !py.object)
    py.poll at %1
    %total = py.constant 1 = 0 : i64
    %2 = py.frame_state 4 locals(%n, %m, %0, %0, %0) stack(%total) : (!py.object, !py.object, !py.object, !py.object, !py.object), (!py.object)
    py.store_local 2 "total", %total at %2
    %3 = py.frame_state 6 locals(%n, %m, %total, %0, %0) stack() : (!py.object, !py.object, !py.object, !py.object, !py.object)
    %result = py.load_global 0 "range" at %3
    %4 = py.null
    %5 = py.frame_state 18 locals(%n, %m, %total, %0, %0) stack(%result, %4, %n) : (!py.object, !py.object, !py.object, !py.object, !py.object), (!py.object, !py.object, !py.object)
    %result_0 = py.call %result, %4(%n) at %5
    %6 = py.frame_state 26 locals(%n, %m, %total, %0, %0) stack(%result_0) : (!py.object, !py.object, !py.object, !py.object, !py.object), (!py.object)
    %result_1 = py.get_iter %result_0 at %6
    cf.br ^bb1(%total, %0, %0 : !py.object, !py.object, !py.object)
  ^bb1(%total_2: !py.object, %i: !py.object, %j: !py.object):  // 2 preds: ^bb0, ^bb5
    %7 = py.frame_state 28 locals(%n, %m, %total_2, %i, %j) stack(%result_1) : (!py.object, !py.object, !py.object, !py.object, !py.object), (!py.object)
    %i_3, %i_4 = py.for_iter %result_1 at %7
    cf.cond_br %i_4, ^bb6, ^bb2
  ^bb2:  // pred: ^bb1
    %8 = py.frame_state 32 locals(%n, %m, %total_2, %i, %j) stack(%result_1, %i_3) : (!py.object, !py.object, !py.object, !py.object, !py.object), (!py.object, !py.object)
    py.store_local 3 "i", %i_3 at %8
    %9 = py.frame_state 34 locals(%n, %m, %total_2, %i_3, %j) stack(%result_1) : (!py.object, !py.object, !py.object, !py.object, !py.object), (!py.object)
    %result_5 = py.load_global 0 "range" at %9
    %10 = py.null
    %11 = py.constant 2 = -2 : i64
    %12 = py.frame_state 48 locals(%n, %m, %total_2, %i_3, %j) stack(%result_1, %result_5, %10, %i_3, %m, %11) : (!py.object, !py.object, !py.object, !py.object, !py.object), (!py.object, !py.object, !py.object, !py.object, !py.object, !py.object)
    %result_6 = py.call %result_5, %10(%i_3, %m, %11) at %12
    %13 = py.frame_state 56 locals(%n, %m, %total_2, %i_3, %j) stack(%result_1, %result_6) : (!py.object, !py.object, !py.object, !py.object, !py.object), (!py.object, !py.object)
    %result_7 = py.get_iter %result_6 at %13
    cf.br ^bb3(%total_2, %j : !py.object, !py.object)
  ^bb3(%total_8: !py.object, %j_9: !py.object):  // 2 preds: ^bb2, ^bb4
    %14 = py.frame_state 58 locals(%n, %m, %total_8, %i_3, %j_9) stack(%result_1, %result_7) : (!py.object, !py.object, !py.object, !py.object, !py.object), (!py.object, !py.object)
    %j_10, %j_11 = py.for_iter %result_7 at %14
    cf.cond_br %j_11, ^bb5, ^bb4
  ^bb4:  // pred: ^bb3
    %15 = py.frame_state 62 locals(%n, %m, %total_8, %i_3, %j_9) stack(%result_1, %result_7, %j_10) : (!py.object, !py.object, !py.object, !py.object, !py.object), (!py.object, !py.object, !py.object)
    py.store_local 4 "j", %j_10 at %15
    %16 = py.frame_state 68 locals(%n, %m, %total_8, %i_3, %j_10) stack(%result_1, %result_7, %total_8, %i_3, %j_10) : (!py.object, !py.object, !py.object, !py.object, !py.object), (!py.object, !py.object, !py.object, !py.object, !py.object)
    %result_12 = py.binary multiply %i_3, %j_10 at %16
    %17 = py.frame_state 72 locals(%n, %m, %total_8, %i_3, %j_10) stack(%result_1, %result_7, %total_8, %result_12) : (!py.object, !py.object, !py.object, !py.object, !py.object), (!py.object, !py.object, !py.object, !py.object)
    %total_13 = py.binary inplace_add %total_8, %result_12 at %17
    %18 = py.frame_state 76 locals(%n, %m, %total_8, %i_3, %j_10) stack(%result_1, %result_7, %total_13) : (!py.object, !py.object, !py.object, !py.object, !py.object), (!py.object, !py.object, !py.object)
    py.store_local 2 "total", %total_13 at %18
    %19 = py.frame_state 78 locals(%n, %m, %total_13, %i_3, %j_10) stack(%result_1, %result_7) : (!py.object, !py.object, !py.object, !py.object, !py.object), (!py.object, !py.object)
    py.poll at %19
    cf.br ^bb3(%total_13, %j_10 : !py.object, !py.object)
  ^bb5:  // pred: ^bb3
    %20 = py.frame_state 86 locals(%n, %m, %total_8, %i_3, %j_9) stack(%result_1) : (!py.object, !py.object, !py.object, !py.object, !py.object), (!py.object)
    py.poll at %20
    cf.br ^bb1(%total_8, %i_3, %j_9 : !py.object, !py.object, !py.object)
  ^bb6:  // pred: ^bb1
    return %total_2 : !py.object
  }
}

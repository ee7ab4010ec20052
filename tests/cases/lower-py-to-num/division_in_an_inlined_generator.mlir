// passes: infer-types,lower-py-to-num
// The same in the body of an inlined generator, which handles nothing itself: the division leaves.
// def f(a, b):
//     try:
//         return a // b
//     except ZeroDivisionError:
//         return 0
module {
  func.func @f(%a: !py.object, %b: !py.object) -> !py.object attributes {py.argcount = 2 : i32, py.kind = "function", py.locals = ["a", "b"], py.mode = "auto", py.param_types = [i64, i64], py.qualname = "f"} {
    %c18_i64 = arith.constant 18 : i64
    %c12_i64 = arith.constant 12 : i64
    %c7_i64 = arith.constant 7 : i64
    %0 = py.frame_state 0 locals(%a, %b) stack() : (!py.object, !py.object)
    py.poll at %0
    %1 = py.frame_state 6 locals(%a, %b) stack(%a, %b) : (!py.object, !py.object), (!py.object, !py.object)
    %result, %raised = py.binary floor_divide %a, %b at %1 {py.inlined} catch i1
    cf.cond_br %raised, ^bb2, ^bb1
  ^bb1:  // pred: ^bb0
    return %result : !py.object
  ^bb2:  // pred: ^bb0
    %2 = py.fetch_exception
    %3 = py.push_exc_info %2
    %4 = py.frame_state 14 locals(%a, %b) stack(%3, %2) : (!py.object, !py.object), (!py.object, !py.object)
    %result_0, %raised_1 = py.load_global 0 "ZeroDivisionError" at %4 catch i1
    cf.cond_br %raised_1, ^bb7(%c7_i64 : i64), ^bb3
  ^bb3:  // pred: ^bb2
    %5 = py.frame_state 24 locals(%a, %b) stack(%3, %2, %result_0) : (!py.object, !py.object), (!py.object, !py.object, !py.object)
    %result_2, %raised_3 = py.check_exc_match %2, %result_0 at %5 catch i1
    cf.cond_br %raised_3, ^bb7(%c12_i64 : i64), ^bb4
  ^bb4:  // pred: ^bb3
    cf.cond_br %result_2, ^bb5, ^bb6
  ^bb5:  // pred: ^bb4
    py.pop_except %3
    %6 = py.constant 1 = 0 : i64
    return %6 : !py.object
  ^bb6:  // pred: ^bb4
    %7 = py.null
    %8 = py.frame_state 36 locals(%a, %b) stack(%3, %2) : (!py.object, !py.object), (!py.object, !py.object)
    %9 = py.reraise %2, %7 at %8 catch i1
    cf.br ^bb7(%c18_i64 : i64)
  ^bb7(%10: i64):  // 3 preds: ^bb2, ^bb3, ^bb6
    %11 = py.fetch_exception
    %12 = py.box %10 : i64
    py.pop_except %3
    %13 = py.frame_state 42 locals(%a, %b) stack(%3, %12, %11) : (!py.object, !py.object), (!py.object, !py.object, !py.object)
    py.reraise %11, %12 at %13
    py.propagate
  }
}

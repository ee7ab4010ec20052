module {
  func.func @sum_of_squares(%n: !py.object) -> !py.object attributes {py.argcount = 1 : i32, py.elide, py.kind = "function", py.locals = ["n", "s", "i"], py.mode = "auto", py.native_slots = array<i32: 1, 2>, py.param_types = [i64], py.qualname = "sum_of_squares"} {
    %c1_i64 = arith.constant 1 : i64
    %c0_i64 = arith.constant 0 : i64
    %0 = py.null
    %1 = py.frame_state 0 locals(%n, %0, %0) stack() : (!py.object, !py.object, !py.object)
    %2 = py.unbox %n at %1 : i64
    py.poll at %1
    %3 = py.frame_state 6 locals(%n, %c0_i64, %0) stack() : (!py.object, i64, !py.object)
    %result = py.load_global 0 "range" at %3
    %4 = py.frame_state 18 locals(%n, %c0_i64, %0) stack(%result, %0, %n) : (!py.object, i64, !py.object), (!py.object, !py.object, !py.object)
    py.guard_identity %result is "PyRange_Type" at %4
    %5 = num.range_length %c0_i64, %2, %c1_i64 at %4
    cf.br ^bb1(%c0_i64, %c0_i64, %5 : i64, i64, i64)
  ^bb1(%s: i64, %i: i64, %i_left: i64):  // 2 preds: ^bb0, ^bb2
    %i_0 = arith.cmpi eq, %i_left, %c0_i64 : i64
    %i_1 = arith.addi %i, %c1_i64 : i64
    %i_2 = arith.subi %i_left, %c1_i64 : i64
    cf.cond_br %i_0, ^bb3, ^bb2
  ^bb2:  // pred: ^bb1
    %6 = py.range_iterator %i_1, %i_2, %c1_i64
    %7 = py.frame_state 38 locals(%n, %s, %i) stack(%6, %s, %i, %i) : (!py.object, i64, i64), (!py.object, i64, i64, i64)
    %8 = num.mul %i, %i at %7
    %9 = py.frame_state 42 locals(%n, %s, %i) stack(%6, %s, %8) : (!py.object, i64, i64), (!py.object, i64, i64)
    %s_3 = num.add %s, %8 at %9
    %10 = py.frame_state 48 locals(%n, %s_3, %i) stack(%6) : (!py.object, i64, i64), (!py.object)
    py.poll at %10
    cf.br ^bb1(%s_3, %i_1, %i_2 : i64, i64, i64)
  ^bb3:  // pred: ^bb1
    %11 = py.box %s : i64
    return %11 : !py.object
  }
}

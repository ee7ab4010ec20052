module {
  func.func @product(%n: !py.object) -> !py.object attributes {py.argcount = 1 : i32, py.elide, py.kind = "function", py.locals = ["n", "t", "i"], py.mode = "auto", py.native_slots = array<i32: 1, 2>, py.param_types = [i64], py.qualname = "product"} {
    %c0_i64 = arith.constant 0 : i64
    %c1_i64 = arith.constant 1 : i64
    %0 = py.null
    %1 = py.frame_state 0 locals(%n, %0, %0) stack() : (!py.object, !py.object, !py.object)
    %2 = py.unbox %n at %1 : i64
    py.poll at %1
    %3 = py.frame_state 6 locals(%n, %c1_i64, %0) stack() : (!py.object, i64, !py.object)
    %result = py.load_global 0 "range" at %3
    %4 = py.constant 1 = 1 : i64
    %5 = py.frame_state 20 locals(%n, %c1_i64, %0) stack(%result, %0, %4, %n) : (!py.object, i64, !py.object), (!py.object, !py.object, !py.object, !py.object)
    py.guard_identity %result is "PyRange_Type" at %5
    %6 = num.range_length %c1_i64, %2, %c1_i64 at %5
    cf.br ^bb1(%c1_i64, %c1_i64, %6 : i64, i64, i64)
  ^bb1(%t: i64, %i: i64, %i_left: i64):  // 2 preds: ^bb0, ^bb2
    %i_0 = arith.cmpi eq, %i_left, %c0_i64 : i64
    %i_1 = arith.addi %i, %c1_i64 : i64
    %i_2 = arith.subi %i_left, %c1_i64 : i64
    cf.cond_br %i_0, ^bb3, ^bb2
  ^bb2:  // pred: ^bb1
    %7 = py.range_iterator %i_1, %i_2, %c1_i64
    %8 = py.frame_state 38 locals(%n, %t, %i) stack(%7, %t, %i) : (!py.object, i64, i64), (!py.object, i64, i64)
    %t_3 = num.mul %t, %i at %8
    %9 = py.frame_state 44 locals(%n, %t_3, %i) stack(%7) : (!py.object, i64, i64), (!py.object)
    py.poll at %9
    cf.br ^bb1(%t_3, %i_1, %i_2 : i64, i64, i64)
  ^bb3:  // pred: ^bb1
    %10 = py.box %t : i64
    return %10 : !py.object
  }
}

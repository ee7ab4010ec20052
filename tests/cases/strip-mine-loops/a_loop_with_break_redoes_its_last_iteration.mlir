module {
  func.func @find(%n: !py.object, %wanted: !py.object) -> !py.object attributes {py.argcount = 2 : i32, py.elide, py.kind = "function", py.locals = ["n", "wanted", "t", "i"], py.mode = "auto", py.native_slots = array<i32: 2, 3>, py.param_types = [i64, i64], py.qualname = "find"} {
    %c1_i64 = arith.constant 1 : i64
    %c0_i64 = arith.constant 0 : i64
    %0 = py.null
    %1 = py.frame_state 0 locals(%n, %wanted, %0, %0) stack() : (!py.object, !py.object, !py.object, !py.object)
    %2 = py.unbox %n at %1 : i64
    %3 = py.unbox %wanted at %1 : i64
    py.poll at %1
    %4 = py.frame_state 6 locals(%n, %wanted, %c0_i64, %0) stack() : (!py.object, !py.object, i64, !py.object)
    %result = py.load_global 0 "range" at %4
    %5 = py.frame_state 18 locals(%n, %wanted, %c0_i64, %0) stack(%result, %0, %n) : (!py.object, !py.object, i64, !py.object), (!py.object, !py.object, !py.object)
    py.guard_identity %result is "PyRange_Type" at %5
    %6 = num.range_length %c0_i64, %2, %c1_i64 at %5
    cf.br ^bb1(%c0_i64, %c0_i64, %6 : i64, i64, i64)
  ^bb1(%t: i64, %i: i64, %i_left: i64):  // 2 preds: ^bb0, ^bb4
    %i_0 = arith.cmpi eq, %i_left, %c0_i64 : i64
    %i_1 = arith.addi %i, %c1_i64 : i64
    %i_2 = arith.subi %i_left, %c1_i64 : i64
    cf.cond_br %i_0, ^bb5, ^bb2
  ^bb2:  // pred: ^bb1
    %7 = arith.cmpi eq, %i, %3 : i64
    cf.cond_br %7, ^bb3, ^bb4
  ^bb3:  // pred: ^bb2
    %8 = py.box %t : i64
    return %8 : !py.object
  ^bb4:  // pred: ^bb2
    %9 = py.range_iterator %i_1, %i_2, %c1_i64
    %10 = py.frame_state 52 locals(%n, %wanted, %t, %i) stack(%9, %t, %i) : (!py.object, !py.object, i64, i64), (!py.object, i64, i64)
    %t_3 = num.add %t, %i at %10
    %11 = py.frame_state 58 locals(%n, %wanted, %t_3, %i) stack(%9) : (!py.object, !py.object, i64, i64), (!py.object)
    py.poll at %11
    cf.br ^bb1(%t_3, %i_1, %i_2 : i64, i64, i64)
  ^bb5:  // pred: ^bb1
    %12 = py.box %t : i64
    return %12 : !py.object
  }
}

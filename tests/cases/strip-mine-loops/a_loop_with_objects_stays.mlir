module {
  func.func @append(%n: !py.object, %out: !py.object) -> !py.object attributes {py.argcount = 2 : i32, py.elide, py.kind = "function", py.locals = ["n", "out", "i"], py.mode = "auto", py.native_slots = array<i32: 2>, py.param_types = [i64, !py.object], py.qualname = "append", py.this = "append"} {
    %c1_i64 = arith.constant 1 : i64
    %c0_i64 = arith.constant 0 : i64
    %0 = py.null
    %1 = py.frame_state 0 locals(%n, %out, %0) stack() : (!py.object, !py.object, !py.object)
    %2 = py.unbox %n at %1 : i64
    py.poll at %1
    %3 = py.frame_state 2 locals(%n, %out, %0) stack() : (!py.object, !py.object, !py.object)
    %result = py.load_global 0 "range" at %3
    %4 = py.frame_state 14 locals(%n, %out, %0) stack(%result, %0, %n) : (!py.object, !py.object, !py.object), (!py.object, !py.object, !py.object)
    py.guard_identity %result is "PyRange_Type" at %4
    %5 = num.range_length %c0_i64, %2, %c1_i64 at %4
    cf.br ^bb1(%c0_i64, %5 : i64, i64)
  ^bb1(%i: i64, %i_left: i64):  // 2 preds: ^bb0, ^bb2
    %i_0 = arith.cmpi eq, %i_left, %c0_i64 : i64
    %i_1 = arith.addi %i, %c1_i64 : i64
    %i_2 = arith.subi %i_left, %c1_i64 : i64
    cf.cond_br %i_0, ^bb3, ^bb2
  ^bb2:  // pred: ^bb1
    %6 = py.range_iterator %i_1, %i_2, %c1_i64
    %7 = py.frame_state 32 locals(%n, %out, %i) stack(%6, %out) : (!py.object, !py.object, i64), (!py.object, !py.object)
    %callable, %self_or_null = py.load_method %out, 1 "append" at %7
    %8 = py.frame_state 54 locals(%n, %out, %i) stack(%6, %callable, %self_or_null, %i) : (!py.object, !py.object, i64), (!py.object, !py.object, !py.object, i64)
    %9 = py.box %i : i64
    %result_3 = py.call %callable, %self_or_null(%9) at %8
    %10 = py.frame_state 62 locals(%n, %out, %i) stack(%6, %result_3) : (!py.object, !py.object, i64), (!py.object, !py.object)
    py.check_frame at %10
    %11 = py.frame_state 64 locals(%n, %out, %i) stack(%6) : (!py.object, !py.object, i64), (!py.object)
    py.poll at %11
    cf.br ^bb1(%i_1, %i_2 : i64, i64)
  ^bb3:  // pred: ^bb1
    %12 = py.constant 0 = unit {py.type = "none"}
    return %12 : !py.object
  }
}

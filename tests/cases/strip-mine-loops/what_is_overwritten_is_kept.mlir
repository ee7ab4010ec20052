module {
  func.func @scale(%x: !py.object, %out: !py.object) -> !py.object attributes {py.argcount = 2 : i32, py.elide, py.kind = "function", py.locals = ["x", "out", "i"], py.mode = "auto", py.native_slots = array<i32: 2>, py.param_types = ["ndarray<f64, 1, contiguous>", "ndarray<f64, 1, contiguous>"], py.qualname = "scale"} {
    %true = arith.constant true
    %cst = arith.constant 2.000000e+00 : f64
    %c8_i64 = arith.constant 8 : i64
    %c1_i64 = arith.constant 1 : i64
    %c0_i64 = arith.constant 0 : i64
    %0 = py.null
    %1 = py.frame_state 0 locals(%x, %out, %0) stack() : (!py.object, !py.object, !py.object)
    py.poll at %1
    %ok, %fields:2 = py.describe %out as "ndarray<f64, 1, contiguous>" : i64, i64
    num.guard %ok at %1 "not an ndarray<f64, 1, contiguous>"
    %ok_0, %fields_1:2 = py.describe %x as "ndarray<f64, 1, contiguous>" : i64, i64
    num.guard %ok_0 at %1 "not an ndarray<f64, 1, contiguous>"
    %2 = py.frame_state 2 locals(%x, %out, %0) stack() : (!py.object, !py.object, !py.object)
    %result = py.load_global 0 "range" at %2
    %3 = py.frame_state 12 locals(%x, %out, %0) stack(%result, %0) : (!py.object, !py.object, !py.object), (!py.object, !py.object)
    %result_2 = py.load_global 1 "len" at %3
    %4 = py.frame_state 24 locals(%x, %out, %0) stack(%result, %0, %result_2, %0, %x) : (!py.object, !py.object, !py.object), (!py.object, !py.object, !py.object, !py.object, !py.object)
    py.confirm %x as "ndarray<f64, 1, contiguous>" is(%fields_1#0, %fields_1#1) at %4
    py.confirm %out as "ndarray<f64, 1, contiguous>" is(%fields#0, %fields#1) at %4
    py.guard_identity %result_2 is "builtin len" at %4
    %5 = py.frame_state 32 locals(%x, %out, %0) stack(%result, %0, %fields_1#1) : (!py.object, !py.object, !py.object), (!py.object, !py.object, i64)
    py.check_frame at %5
    py.guard_identity %result is "PyRange_Type" at %5
    %6 = num.range_length %c0_i64, %fields_1#1, %c1_i64 at %5
    cf.br ^bb1(%c0_i64, %6 : i64, i64)
  ^bb1(%i: i64, %i_left: i64):  // 2 preds: ^bb0, ^bb2
    %i_3 = arith.cmpi eq, %i_left, %c0_i64 : i64
    %i_4 = arith.addi %i, %c1_i64 : i64
    %i_5 = arith.subi %i_left, %c1_i64 : i64
    cf.cond_br %i_3, ^bb3, ^bb2
  ^bb2:  // pred: ^bb1
    %7 = arith.muli %i, %c8_i64 : i64
    %8 = py.element %x, %fields_1#0[%7] as "f64" : f64
    %9 = py.constant 1 = 2.000000e+00 : f64
    %10 = py.range_iterator %i_4, %i_5, %c1_i64
    %11 = py.box_numpy %8 as "f64" if %true, %true : f64
    %12 = py.frame_state 56 locals(%x, %out, %i) stack(%10, %11, %9) : (!py.object, !py.object, i64), (!py.object, !py.object, !py.object)
    %13 = arith.mulf %8, %cst : f64
    num.quiet %13 from(%8, %cst) at %12
    %14 = py.box_numpy %13 as "f64" if %true, %true : f64
    %15 = py.frame_state 62 locals(%x, %out, %i) stack(%10, %14, %out, %i) : (!py.object, !py.object, i64), (!py.object, !py.object, !py.object, i64)
    %16 = num.index %i in %fields#1 at %15
    %17 = arith.muli %16, %c8_i64 : i64
    py.set_element %13, %out, %fields#0[%17] as "f64" : f64
    %18 = py.frame_state 66 locals(%x, %out, %i) stack(%10) : (!py.object, !py.object, i64), (!py.object)
    py.poll at %18
    py.confirm %x as "ndarray<f64, 1, contiguous>" is(%fields_1#0, %fields_1#1) at %18
    py.confirm %out as "ndarray<f64, 1, contiguous>" is(%fields#0, %fields#1) at %18
    cf.br ^bb1(%i_4, %i_5 : i64, i64)
  ^bb3:  // pred: ^bb1
    %19 = py.constant 0 = unit {py.type = "none"}
    return %19 : !py.object
  }
}

func.func @later() -> !py.object attributes {py.argcount = 1 : i32, py.kind = "coroutine", py.locals = ["n", "i", "x"], py.param_types = [i64], py.qualname = "later", py.start = 2 : i32} {
  %c1_i64 = arith.constant 1 : i64
  %c0_i64 = arith.constant 0 : i64
  %false = arith.constant false
  %true = arith.constant true
  %c43_i64 = arith.constant 43 : i64
  %c41_i64 = arith.constant 41 : i64
  %c34_i64 = arith.constant 34 : i64
  %c32_i64 = arith.constant 32 : i64
  %c28_i64 = arith.constant 28 : i64
  %c23_i64 = arith.constant 23 : i64
  %c19_i64 = arith.constant 19 : i64
  %c2_i64 = arith.constant 2 : i64
  %0 = py.null
  %n = py.load_local 0 "n"
  %1 = state.sent
  %2 = py.frame_state 4 locals(%n, %0, %0) stack() : (!py.object, !py.object, !py.object)
  %3 = py.unbox %n at %2 {py.guess} : i64
  %4 = py.poll at %2 catch i1
  cf.cond_br %4, ^bb14(%3, %0, %0, %c2_i64 : i64, !py.object, !py.object, i64), ^bb1
^bb1:
  %5 = py.frame_state 6 locals(%n, %0, %0) stack() : (!py.object, !py.object, !py.object)
  num.assume "range" at %5
  %6 = py.known "range"
  %7 = py.frame_state 18 locals(%n, %0, %0) stack(%6, %0, %n) : (!py.object, !py.object, !py.object), (!py.object, !py.object, !py.object)
  %8 = num.range_length %c0_i64, %3, %c1_i64 at %7
  cf.br ^bb2(%c0_i64, %false, %c0_i64, %false, %c0_i64, %8 : i64, i1, i64, i1, i64, i64)
^bb2(%i: i64, %i_bound: i1, %x: i64, %x_bound: i1, %i_0: i64, %i_left: i64):
  %i_1 = arith.cmpi eq, %i_left, %c0_i64 : i64
  %i_2 = arith.addi %i_0, %c1_i64 : i64
  %i_3 = arith.subi %i_left, %c1_i64 : i64
  cf.cond_br %i_1, ^bb4, ^bb3
^bb3:
  %9 = py.box %i if %i_bound : i64
  %10 = py.box %x if %x_bound : i64
  %11 = py.range_iterator %i_2, %i_3, %c1_i64
  %12 = py.frame_state 32 locals(%n, %9, %10) stack(%11, %i_0) : (!py.object, !py.object, !py.object), (!py.object, i64)
  %13 = py.box %i_0 : i64
  py.store_local 1 "i", %13 at %12
  %14 = py.frame_state 36 locals(%n, %13, %10) stack(%11, %i_0) : (!py.object, !py.object, !py.object), (!py.object, i64)
  py.store_local 2 "x", %13 at %14
  %15 = py.frame_state 38 locals(%n, %13, %13) stack(%11) : (!py.object, !py.object, !py.object), (!py.object)
  %16 = py.poll at %15 catch i1
  cf.cond_br %16, ^bb14(%3, %13, %13, %c19_i64 : i64, !py.object, !py.object, i64), ^bb2(%i_0, %true, %i_0, %true, %i_2, %i_3 : i64, i1, i64, i1, i64, i64)
^bb4:
  %17 = py.box %i if %i_bound : i64
  %18 = py.box %x if %x_bound : i64
  %19 = py.frame_state 46 locals(%n, %17, %18) stack() : (!py.object, !py.object, !py.object)
  %result, %raised = py.load_global 1 "w" at %19 catch i1
  cf.cond_br %raised, ^bb14(%3, %17, %18, %c23_i64 : i64, !py.object, !py.object, i64), ^bb5
^bb5:
  %20 = py.frame_state 56 locals(%n, %17, %18) stack(%result, %0) : (!py.object, !py.object, !py.object), (!py.object, !py.object)
  %result_4, %raised_5 = py.call %result, %0() at %20 catch i1
  cf.cond_br %raised_5, ^bb14(%3, %17, %18, %c28_i64 : i64, !py.object, !py.object, i64), ^bb6
^bb6:
  %21 = py.frame_state 64 locals(%n, %17, %18) stack(%result_4) : (!py.object, !py.object, !py.object), (!py.object)
  py.check_frame at %21
  %result_6, %raised_7 = py.get_awaitable 0, %result_4 at %21 catch i1
  cf.cond_br %raised_7, ^bb14(%3, %17, %18, %c32_i64 : i64, !py.object, !py.object, i64), ^bb7
^bb7:
  %22 = py.constant 0 = unit {py.type = "none"}
  cf.br ^bb8(%3, %17, %18, %22 : i64, !py.object, !py.object, !py.object)
^bb8(%n_8: i64, %i_9: !py.object, %x_10: !py.object, %23: !py.object):
  %24 = py.box %n_8 : i64
  %25 = py.frame_state 68 locals(%24, %i_9, %x_10) stack(%result_6, %23) : (!py.object, !py.object, !py.object), (!py.object, !py.object)
  %result_11, %finished, %raised_12 = py.send %result_6, %23 at %25 {py.end = 78 : i32} catch i1
  cf.cond_br %raised_12, ^bb14(%n_8, %i_9, %x_10, %c34_i64 : i64, !py.object, !py.object, i64), ^bb9
^bb9:
  cf.cond_br %finished, ^bb11, ^bb10
^bb10:
  %26 = py.frame_state 74 locals(%24, %i_9, %x_10) stack(%result_6) : (!py.object, !py.object, !py.object), (!py.object)
  %27 = state.yield delegating %result_11 at %26
  %n_13 = py.load_local 0 "n"
  %i_14 = py.load_local 1 "i"
  %x_15 = py.load_local 2 "x"
  %28 = py.frame_state 74 locals(%n_13, %i_14, %x_15) stack(%result_6, %27) : (!py.object, !py.object, !py.object), (!py.object, !py.object)
  %29 = py.unbox %n_13 at %28 {py.guess} : i64
  cf.br ^bb8(%29, %i_14, %x_15, %27 : i64, !py.object, !py.object, !py.object)
^bb11:
  %30 = py.frame_state 82 locals(%24, %i_9, %x_10) stack() : (!py.object, !py.object, !py.object)
  %result_16, %raised_17 = py.check_bound %x_10, 2 "x" at %30 : !py.object -> !py.object catch i1
  cf.cond_br %raised_17, ^bb14(%n_8, %i_9, %x_10, %c41_i64 : i64, !py.object, !py.object, i64), ^bb12
^bb12:
  %31 = py.constant 1 = 1 : i64
  %32 = py.frame_state 86 locals(%24, %i_9, %result_16) stack(%result_16, %31) : (!py.object, !py.object, !py.object), (!py.object, !py.object)
  %result_18, %raised_19 = py.binary add %result_16, %31 at %32 catch i1
  cf.cond_br %raised_19, ^bb14(%n_8, %i_9, %result_16, %c43_i64 : i64, !py.object, !py.object, i64), ^bb13
^bb13:
  state.return %result_18
^bb14(%n_20: i64, %i_21: !py.object, %x_22: !py.object, %33: i64):
  %34 = py.fetch_exception
  %35 = py.box %33 : i64
  %36 = py.box %n_20 : i64
  %37 = py.frame_state 96 locals(%36, %i_21, %x_22) stack(%35, %34) : (!py.object, !py.object, !py.object), (!py.object, !py.object)
  %result_23 = py.call_intrinsic_1 3, %34 at %37
  %38 = py.frame_state 98 locals(%36, %i_21, %x_22) stack(%35, %result_23) : (!py.object, !py.object, !py.object), (!py.object, !py.object)
  py.reraise %result_23, %35 at %38
  py.propagate
}

func.func @count() -> !py.object attributes {py.argcount = 1 : i32, py.kind = "generator", py.locals = ["n", "i"], py.param_types = [i64], py.qualname = "count", py.start = 2 : i32} {
  %0 = py.null
  %n = py.load_local 0 "n"
  %1 = state.sent
  %2 = py.frame_state 4 locals(%n, %0) stack() : (!py.object, !py.object)
  %c2_i64 = arith.constant 2 : i64
  %3 = py.poll at %2 catch i1
  cf.cond_br %3, ^bb12(%n, %0, %c2_i64 : !py.object, !py.object, i64), ^bb1
^bb1:
  %i = py.constant 1 = 0 : i64
  %4 = py.frame_state 8 locals(%n, %0) stack(%i) : (!py.object, !py.object), (!py.object)
  py.store_local 1 "i", %i at %4
  %5 = py.frame_state 12 locals(%n, %i) stack(%i, %n) : (!py.object, !py.object), (!py.object, !py.object)
  %c6_i64 = arith.constant 6 : i64
  %result, %raised = py.compare lt %i, %n at %5 catch i1
  cf.cond_br %raised, ^bb12(%n, %i, %c6_i64 : !py.object, !py.object, i64), ^bb2
^bb2:
  %c6_i64_0 = arith.constant 6 : i64
  %result_1, %raised_2 = py.truth %result at %5 catch i1
  cf.cond_br %raised_2, ^bb12(%n, %i, %c6_i64_0 : !py.object, !py.object, i64), ^bb3
^bb3:
  cf.cond_br %result_1, ^bb4(%n, %i : !py.object, !py.object), ^bb11
^bb4(%n_3: !py.object, %i_4: !py.object):
  %6 = py.frame_state 24 locals(%n_3, %i_4) stack() : (!py.object, !py.object)
  %7 = state.yield %i_4 at %6
  %n_5 = py.load_local 0 "n"
  %i_6 = py.load_local 1 "i"
  %8 = py.frame_state 24 locals(%n_5, %i_6) stack(%7) : (!py.object, !py.object), (!py.object)
  %c12_i64 = arith.constant 12 : i64
  %9 = py.poll at %8 catch i1
  cf.cond_br %9, ^bb12(%n_5, %i_6, %c12_i64 : !py.object, !py.object, i64), ^bb5
^bb5:
  %10 = py.constant 2 = 1 : i64
  %11 = py.frame_state 32 locals(%n_5, %i_6) stack(%i_6, %10) : (!py.object, !py.object), (!py.object, !py.object)
  %c16_i64 = arith.constant 16 : i64
  %i_7, %i_8 = py.binary inplace_add %i_6, %10 at %11 catch i1
  cf.cond_br %i_8, ^bb12(%n_5, %i_6, %c16_i64 : !py.object, !py.object, i64), ^bb6
^bb6:
  %12 = py.frame_state 36 locals(%n_5, %i_6) stack(%i_7) : (!py.object, !py.object), (!py.object)
  py.store_local 1 "i", %i_7 at %12
  %13 = py.frame_state 40 locals(%n_5, %i_7) stack(%i_7, %n_5) : (!py.object, !py.object), (!py.object, !py.object)
  %c20_i64 = arith.constant 20 : i64
  %result_9, %raised_10 = py.compare lt %i_7, %n_5 at %13 catch i1
  cf.cond_br %raised_10, ^bb12(%n_5, %i_7, %c20_i64 : !py.object, !py.object, i64), ^bb7
^bb7:
  %c20_i64_11 = arith.constant 20 : i64
  %result_12, %raised_13 = py.truth %result_9 at %13 catch i1
  cf.cond_br %raised_13, ^bb12(%n_5, %i_7, %c20_i64_11 : !py.object, !py.object, i64), ^bb8
^bb8:
  cf.cond_br %result_12, ^bb9, ^bb10
^bb9:
  %14 = py.frame_state 48 locals(%n_5, %i_7) stack() : (!py.object, !py.object)
  py.poll at %14
  cf.br ^bb4(%n_5, %i_7 : !py.object, !py.object)
^bb10:
  %15 = py.constant 0 = unit
  state.return %15
^bb11:
  %16 = py.constant 0 = unit
  state.return %16
^bb12(%n_14: !py.object, %i_15: !py.object, %17: i64):
  %18 = py.fetch_exception
  %19 = py.box %17 : i64
  %20 = py.frame_state 56 locals(%n_14, %i_15) stack(%19, %18) : (!py.object, !py.object), (!py.object, !py.object)
  %result_16 = py.call_intrinsic_1 3, %18 at %20
  %21 = py.frame_state 58 locals(%n_14, %i_15) stack(%19, %result_16) : (!py.object, !py.object), (!py.object, !py.object)
  py.reraise %result_16, %19 at %21
  py.propagate
}

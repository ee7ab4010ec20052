func.func @keeper() -> !py.object attributes {py.argcount = 1 : i32, py.kind = "coroutine", py.locals = ["n", "made"], py.param_types = [i64], py.qualname = "keeper", py.start = 2 : i32} {
  %0 = py.null
  %n = py.load_local 0 "n"
  %1 = state.sent
  %2 = py.frame_state 4 locals(%n, %0) stack() : (!py.object, !py.object)
  %c2_i64 = arith.constant 2 : i64
  %3 = py.poll at %2 catch i1
  cf.cond_br %3, ^bb9(%n, %0, %c2_i64 : !py.object, !py.object, i64), ^bb1
^bb1:
  %4 = py.frame_state 6 locals(%n, %0) stack() : (!py.object, !py.object)
  %c3_i64 = arith.constant 3 : i64
  %result, %raised = py.load_global 0 "leaf" at %4 catch i1
  cf.cond_br %raised, ^bb9(%n, %0, %c3_i64 : !py.object, !py.object, i64), ^bb2
^bb2:
  %5 = py.null
  %6 = py.frame_state 18 locals(%n, %0) stack(%result, %5, %n) : (!py.object, !py.object), (!py.object, !py.object, !py.object)
  %c9_i64 = arith.constant 9 : i64
  %made, %made_0 = py.call %result, %5(%n) at %6 catch i1
  cf.cond_br %made_0, ^bb9(%n, %0, %c9_i64 : !py.object, !py.object, i64), ^bb3
^bb3:
  %7 = py.frame_state 26 locals(%n, %0) stack(%made) : (!py.object, !py.object), (!py.object)
  py.check_frame at %7
  %8 = py.frame_state 26 locals(%n, %0) stack(%made) : (!py.object, !py.object), (!py.object)
  py.store_local 1 "made", %made at %8
  %9 = py.frame_state 30 locals(%n, %made) stack(%made) : (!py.object, !py.object), (!py.object)
  %c15_i64 = arith.constant 15 : i64
  %result_1, %raised_2 = py.get_awaitable 0, %made at %9 catch i1
  cf.cond_br %raised_2, ^bb9(%n, %made, %c15_i64 : !py.object, !py.object, i64), ^bb4
^bb4:
  %10 = py.constant 0 = unit
  cf.br ^bb5(%n, %made, %10 : !py.object, !py.object, !py.object)
^bb5(%n_3: !py.object, %made_4: !py.object, %11: !py.object):
  %12 = py.frame_state 34 locals(%n_3, %made_4) stack(%result_1, %11) : (!py.object, !py.object), (!py.object, !py.object)
  %c17_i64 = arith.constant 17 : i64
  %result_5, %finished, %raised_6 = py.send %result_1, %11 at %12 {py.end = 44 : i32} catch i1
  cf.cond_br %raised_6, ^bb9(%n_3, %made_4, %c17_i64 : !py.object, !py.object, i64), ^bb6
^bb6:
  cf.cond_br %finished, ^bb8, ^bb7
^bb7:
  %13 = py.frame_state 40 locals(%n_3, %made_4) stack(%result_1) : (!py.object, !py.object), (!py.object)
  %14 = state.yield delegating %result_5 at %13
  %n_7 = py.load_local 0 "n"
  %made_8 = py.load_local 1 "made"
  cf.br ^bb5(%n_7, %made_8, %14 : !py.object, !py.object, !py.object)
^bb8:
  state.return %result_5
^bb9(%n_9: !py.object, %made_10: !py.object, %15: i64):
  %16 = py.fetch_exception
  %17 = py.box %15 : i64
  %18 = py.frame_state 52 locals(%n_9, %made_10) stack(%17, %16) : (!py.object, !py.object), (!py.object, !py.object)
  %result_11 = py.call_intrinsic_1 3, %16 at %18
  %19 = py.frame_state 54 locals(%n_9, %made_10) stack(%17, %result_11) : (!py.object, !py.object), (!py.object, !py.object)
  py.reraise %result_11, %17 at %19
  py.propagate
}

func.func @"function leaf"() -> !py.object attributes {py.inlinable = "leaf", py.argcount = 1 : i32, py.kind = "coroutine", py.locals = ["i"], py.param_types = [i64], py.qualname = "leaf", py.start = 2 : i32} {
  %i = py.load_local 0 "i"
  %0 = state.sent
  %1 = py.frame_state 4 locals(%i) stack() : (!py.object)
  %c2_i64 = arith.constant 2 : i64
  %2 = py.poll at %1 catch i1
  cf.cond_br %2, ^bb3(%c2_i64 : i64), ^bb1
^bb1:
  %3 = py.constant 1 = 1 : i64
  %4 = py.frame_state 10 locals(%i) stack(%i, %3) : (!py.object), (!py.object, !py.object)
  %c5_i64 = arith.constant 5 : i64
  %result, %raised = py.binary add %i, %3 at %4 catch i1
  cf.cond_br %raised, ^bb3(%c5_i64 : i64), ^bb2
^bb2:
  state.return %result
^bb3(%5: i64):
  %6 = py.fetch_exception
  %7 = py.box %5 : i64
  %8 = py.frame_state 16 locals(%i) stack(%7, %6) : (!py.object), (!py.object, !py.object)
  %result_0 = py.call_intrinsic_1 3, %6 at %8
  %9 = py.frame_state 18 locals(%i) stack(%7, %result_0) : (!py.object), (!py.object, !py.object)
  py.reraise %result_0, %7 at %9
  py.propagate
}

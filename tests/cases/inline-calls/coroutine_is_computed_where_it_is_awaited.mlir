func.func @caller() -> !py.object attributes {py.argcount = 1 : i32, py.kind = "coroutine", py.locals = ["n"], py.param_types = [i64], py.qualname = "caller", py.start = 2 : i32} {
  %n = py.load_local 0 "n"
  %0 = state.sent
  %1 = py.frame_state 4 locals(%n) stack() : (!py.object)
  %c2_i64 = arith.constant 2 : i64
  %2 = py.poll at %1 catch i1
  cf.cond_br %2, ^bb10(%n, %c2_i64 : !py.object, i64), ^bb1
^bb1:
  %3 = py.frame_state 6 locals(%n) stack() : (!py.object)
  %c3_i64 = arith.constant 3 : i64
  %result, %raised = py.load_global 0 "leaf" at %3 catch i1
  cf.cond_br %raised, ^bb10(%n, %c3_i64 : !py.object, i64), ^bb2
^bb2:
  %4 = py.null
  %5 = py.frame_state 18 locals(%n) stack(%result, %4, %n) : (!py.object), (!py.object, !py.object, !py.object)
  %c9_i64 = arith.constant 9 : i64
  %result_0, %raised_1 = py.call %result, %4(%n) at %5 catch i1
  cf.cond_br %raised_1, ^bb10(%n, %c9_i64 : !py.object, i64), ^bb3
^bb3:
  %6 = py.frame_state 26 locals(%n) stack(%result_0) : (!py.object), (!py.object)
  py.check_frame at %6
  %7 = py.frame_state 26 locals(%n) stack(%result_0) : (!py.object), (!py.object)
  %c13_i64 = arith.constant 13 : i64
  %result_2, %raised_3 = py.get_awaitable 0, %result_0 at %7 catch i1
  cf.cond_br %raised_3, ^bb10(%n, %c13_i64 : !py.object, i64), ^bb4
^bb4:
  %8 = py.constant 0 = unit
  cf.br ^bb5(%n, %8 : !py.object, !py.object)
^bb5(%n_4: !py.object, %9: !py.object):
  %10 = py.frame_state 30 locals(%n_4) stack(%result_2, %9) : (!py.object), (!py.object, !py.object)
  %c15_i64 = arith.constant 15 : i64
  %result_5, %finished, %raised_6 = py.send %result_2, %9 at %10 {py.end = 40 : i32} catch i1
  cf.cond_br %raised_6, ^bb10(%n_4, %c15_i64 : !py.object, i64), ^bb6
^bb6:
  cf.cond_br %finished, ^bb8, ^bb7
^bb7:
  %11 = py.frame_state 36 locals(%n_4) stack(%result_2) : (!py.object), (!py.object)
  %12 = state.yield delegating %result_5 at %11
  %n_7 = py.load_local 0 "n"
  cf.br ^bb5(%n_7, %12 : !py.object, !py.object)
^bb8:
  %13 = py.constant 1 = 2 : i64
  %14 = py.frame_state 44 locals(%n_4) stack(%result_5, %13) : (!py.object), (!py.object, !py.object)
  %c22_i64 = arith.constant 22 : i64
  %result_8, %raised_9 = py.binary multiply %result_5, %13 at %14 catch i1
  cf.cond_br %raised_9, ^bb10(%n_4, %c22_i64 : !py.object, i64), ^bb9
^bb9:
  state.return %result_8
^bb10(%n_10: !py.object, %15: i64):
  %16 = py.fetch_exception
  %17 = py.box %15 : i64
  %18 = py.frame_state 54 locals(%n_10) stack(%17, %16) : (!py.object), (!py.object, !py.object)
  %result_11 = py.call_intrinsic_1 3, %16 at %18
  %19 = py.frame_state 56 locals(%n_10) stack(%17, %result_11) : (!py.object), (!py.object, !py.object)
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

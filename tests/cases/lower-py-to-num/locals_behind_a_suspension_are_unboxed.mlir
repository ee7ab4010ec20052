func.func @count() -> !py.object attributes {py.argcount = 1 : i32, py.block_types = [[], [], [], [], ["i64", "i64"], [], [], [], [], [], [], [], ["i64", "i64?", "object"]], py.kind = "generator", py.locals = ["n", "i"], py.param_types = [i64], py.qualname = "count", py.start = 2 : i32} {
  %0 = py.null
  %1 = py.load_local 0 "n" {py.type = "i64"}
  %2 = state.sent
  %3 = py.frame_state 4 locals(%1, %0) stack() : (!py.object, !py.object)
  %c2_i64 = arith.constant 2 : i64
  %4 = py.poll at %3 catch i1
  cf.cond_br %4, ^bb12(%1, %0, %c2_i64 : !py.object, !py.object, i64), ^bb1
^bb1:
  %5 = py.constant 1 = 0 : i64 {py.type = "i64"}
  %6 = py.frame_state 8 locals(%1, %0) stack(%5) : (!py.object, !py.object), (!py.object)
  py.store_local 1 "i", %5 at %6
  %7 = py.frame_state 12 locals(%1, %5) stack(%5, %1) : (!py.object, !py.object), (!py.object, !py.object)
  %c6_i64 = arith.constant 6 : i64
  %result, %raised = py.compare lt %5, %1 at %7 {py.type = "i1"} catch i1
  cf.cond_br %raised, ^bb12(%1, %5, %c6_i64 : !py.object, !py.object, i64), ^bb2
^bb2:
  %c6_i64_0 = arith.constant 6 : i64
  %result_1, %raised_2 = py.truth %result at %7 catch i1
  cf.cond_br %raised_2, ^bb12(%1, %5, %c6_i64_0 : !py.object, !py.object, i64), ^bb3
^bb3:
  cf.cond_br %result_1, ^bb4(%1, %5 : !py.object, !py.object), ^bb11
^bb4(%8: !py.object, %9: !py.object):
  %10 = py.frame_state 24 locals(%8, %9) stack() : (!py.object, !py.object)
  %11 = state.yield %9 at %10
  %12 = py.load_local 0 "n" {py.type = "i64"}
  %13 = py.load_local 1 "i" {py.type = "i64"}
  %14 = py.frame_state 24 locals(%12, %13) stack(%11) : (!py.object, !py.object), (!py.object)
  %c12_i64 = arith.constant 12 : i64
  %15 = py.poll at %14 catch i1
  cf.cond_br %15, ^bb12(%12, %13, %c12_i64 : !py.object, !py.object, i64), ^bb5
^bb5:
  %16 = py.constant 2 = 1 : i64 {py.type = "i64"}
  %17 = py.frame_state 32 locals(%12, %13) stack(%13, %16) : (!py.object, !py.object), (!py.object, !py.object)
  %c16_i64 = arith.constant 16 : i64
  %result_3, %raised_4 = py.binary inplace_add %13, %16 at %17 {py.type = "i64"} catch i1
  cf.cond_br %raised_4, ^bb12(%12, %13, %c16_i64 : !py.object, !py.object, i64), ^bb6
^bb6:
  %18 = py.frame_state 36 locals(%12, %13) stack(%result_3) : (!py.object, !py.object), (!py.object)
  py.store_local 1 "i", %result_3 at %18
  %19 = py.frame_state 40 locals(%12, %result_3) stack(%result_3, %12) : (!py.object, !py.object), (!py.object, !py.object)
  %c20_i64 = arith.constant 20 : i64
  %result_5, %raised_6 = py.compare lt %result_3, %12 at %19 {py.type = "i1"} catch i1
  cf.cond_br %raised_6, ^bb12(%12, %result_3, %c20_i64 : !py.object, !py.object, i64), ^bb7
^bb7:
  %c20_i64_7 = arith.constant 20 : i64
  %result_8, %raised_9 = py.truth %result_5 at %19 catch i1
  cf.cond_br %raised_9, ^bb12(%12, %result_3, %c20_i64_7 : !py.object, !py.object, i64), ^bb8
^bb8:
  cf.cond_br %result_8, ^bb9, ^bb10
^bb9:
  %20 = py.frame_state 48 locals(%12, %result_3) stack() : (!py.object, !py.object)
  py.poll at %20
  cf.br ^bb4(%12, %result_3 : !py.object, !py.object)
^bb10:
  %21 = py.constant 0 = unit {py.type = "none"}
  state.return %21
^bb11:
  %22 = py.constant 0 = unit {py.type = "none"}
  state.return %22
^bb12(%23: !py.object, %24: !py.object, %25: i64):
  %26 = py.fetch_exception
  %27 = py.box %25 {py.type = "i64"} : i64
  %28 = py.frame_state 56 locals(%23, %24) stack(%27, %26) : (!py.object, !py.object), (!py.object, !py.object)
  %result_10 = py.call_intrinsic_1 3, %26 at %28
  %29 = py.frame_state 58 locals(%23, %24) stack(%27, %result_10) : (!py.object, !py.object), (!py.object, !py.object)
  py.reraise %result_10, %27 at %29
  py.propagate
}

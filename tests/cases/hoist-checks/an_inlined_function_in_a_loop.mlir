module {
  func.func @total(%x: !py.object, %n: !py.object) -> !py.object attributes {py.argcount = 2 : i32, py.kind = "function", py.locals = ["x", "n", "s", "i"], py.mode = "auto", py.qualname = "total", py.native_slots = array<i32: 2, 3>} {
    %c0_i64 = arith.constant 0 : i64
    %c1_i64 = arith.constant 1 : i64
    %null = py.null
    %0 = py.frame_state 0 locals(%x, %n, %null, %null) stack() : (!py.object, !py.object, !py.object, !py.object)
    %stop = py.unbox %n at %0 : i64
    %1 = py.frame_state 8 locals(%x, %n, %c0_i64, %null) stack(%n) : (!py.object, !py.object, i64, !py.object), (!py.object)
    %length = num.range_length %c0_i64, %stop, %c1_i64 at %1
    %ok, %items, %count = py.sequence %x as "list"
    cf.br ^bb1(%c0_i64, %c0_i64, %length : i64, i64, i64)
  ^bb1(%s: i64, %i: i64, %left: i64):
    %end = arith.cmpi eq, %left, %c0_i64 : i64
    %next = arith.addi %i, %c1_i64 : i64
    %rest = arith.subi %left, %c1_i64 : i64
    cf.cond_br %end, ^bb5, ^bb2
  ^bb2:
    %2 = py.frame_state 20 locals(%x, %n, %s, %i) stack() : (!py.object, !py.object, i64, i64)
    num.assume "square" at %2
    %can = py.can_inline "square"
    num.guard %can at %2 "the function cannot be inlined"
    %square = num.mul %i, %i at %2
    py.check_frame at %2
    num.guard %ok at %2 "expected a list"
    %odd = arith.andi %square, %c1_i64 : i64
    %is_odd = arith.cmpi eq, %odd, %c1_i64 : i64
    cf.cond_br %is_odd, ^bb3, ^bb4(%s : i64)
  ^bb3:
    %3 = py.frame_state 30 locals(%x, %n, %s, %i) stack(%square) : (!py.object, !py.object, i64, i64), (i64)
    num.assume "abs" at %3
    %few = arith.cmpi slt, %count, %c1_i64 : i64
    num.guard %few at %3 "this way is not always taken"
    %t = num.add %s, %square at %3
    cf.br ^bb4(%t : i64)
  ^bb4(%u: i64):
    %4 = py.frame_state 40 locals(%x, %n, %u, %i) stack() : (!py.object, !py.object, i64, i64)
    py.poll at %4
    cf.br ^bb1(%u, %next, %rest : i64, i64, i64)
  ^bb5:
    %5 = py.box %s : i64
    return %5 : !py.object
  }
}

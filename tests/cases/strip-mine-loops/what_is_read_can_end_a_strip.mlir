module {
  func.func @total(%x: !py.object, %n: !py.object) -> !py.object attributes {py.argcount = 2 : i32, py.kind = "function", py.locals = ["x", "n", "s", "i"], py.mode = "auto", py.qualname = "total", py.native_slots = array<i32: 2, 3>} {
    %c0_i64 = arith.constant 0 : i64
    %c1_i64 = arith.constant 1 : i64
    %null = py.null
    %0 = py.frame_state 0 locals(%x, %n, %null, %null) stack() : (!py.object, !py.object, !py.object, !py.object)
    %stop = py.unbox %n at %0 : i64
    %length = num.range_length %c0_i64, %stop, %c1_i64 at %0
    %ok, %items, %count = py.sequence %x as "list"
    num.guard %ok at %0 "expected a list"
    cf.br ^bb1(%c0_i64, %c0_i64, %length : i64, i64, i64)
  ^bb1(%s: i64, %i: i64, %left: i64):
    %end = arith.cmpi eq, %left, %c0_i64 : i64
    %next = arith.addi %i, %c1_i64 : i64
    %rest = arith.subi %left, %c1_i64 : i64
    cf.cond_br %end, ^bb3, ^bb2
  ^bb2:
    %1 = py.frame_state 20 locals(%x, %n, %s, %i) stack() : (!py.object, !py.object, i64, i64)
    %place = num.index %i in %count at %1
    %is_int, %value = py.read_item %x, %items[%place] : i64
    num.guard %is_int at %1 "expected an int"
    %wild = num.mod %value, %c1_i64 at %1
    %other = num.index %wild in %count at %1
    %is_too, %second = py.read_item %x, %items[%other] : i64
    num.guard %is_too at %1 "expected an int"
    %t = num.add %s, %second at %1
    py.poll at %1
    py.confirm_sequence %x as "list" is(%ok, %items, %count) at %1
    cf.br ^bb1(%t, %next, %rest : i64, i64, i64)
  ^bb3:
    %2 = py.box %s : i64
    return %2 : !py.object
  }
}

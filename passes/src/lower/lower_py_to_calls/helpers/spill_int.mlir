// An int of one digit that belongs to the slot alone is one that nobody else can look at: it becomes the new one, if that
// has one digit and is not small.
func.func private @spill_int(%place: !llvm.ptr, %value: i64) attributes {llvm.linkage = #llvm.linkage<internal>} {
  %null = llvm.mlir.zero : !llvm.ptr
  %none = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %old = llvm.load %place : !llvm.ptr -> !llvm.ptr
  %is_empty = llvm.icmp "eq" %old, %null : !llvm.ptr
  cf.cond_br %is_empty weights([1, 100]), ^other, ^there
^there:
  %type_at = llvm.getelementptr %old[{OB_TYPE}] : (!llvm.ptr) -> !llvm.ptr, i8
  %type = llvm.load %type_at {OF_TYPE} : !llvm.ptr -> !llvm.ptr
  %int = llvm.mlir.addressof @PyLong_Type : !llvm.ptr
  %is_int = llvm.icmp "eq" %type, %int : !llvm.ptr
  cf.cond_br %is_int weights([100, 1]), ^int, ^other
^int:
  %count = llvm.load %old {OF_COUNT} : !llvm.ptr -> i64
  %alone = arith.cmpi eq, %count, %one : i64
  %five = arith.constant 5 : i64
  %smallest = arith.addi %value, %five : i64
  %smalls = arith.constant 262 : i64
  %large = arith.cmpi uge, %smallest, %smalls : i64
  %negative = arith.cmpi slt, %value, %none : i64
  %opposite = arith.subi %none, %value : i64
  %magnitude = arith.select %negative, %opposite, %value : i64
  %digit_end = arith.constant {DIGIT_END} : i64
  %fits = arith.cmpi ult, %magnitude, %digit_end : i64
  %tag_at = llvm.getelementptr %old[{LONG_TAG}] : (!llvm.ptr) -> !llvm.ptr, i8
  %tag = llvm.load %tag_at {OF_INT} : !llvm.ptr -> i64
  %three = arith.constant 3 : i64
  %digits = arith.shrui %tag, %three : i64
  %is_one = arith.cmpi eq, %digits, %one : i64
  %both = arith.andi %alone, %fits : i1
  %same_size = arith.andi %both, %is_one : i1
  %in_place = arith.andi %same_size, %large : i1
  cf.cond_br %in_place, ^alone, ^other
^alone:
  %plus = arith.constant 8 : i64
  %minus = arith.constant 10 : i64
  %new_tag = arith.select %negative, %minus, %plus : i64
  %digit = arith.trunci %magnitude : i64 to i32
  %digit_at = llvm.getelementptr %old[{LONG_DIGITS}] : (!llvm.ptr) -> !llvm.ptr, i8
  llvm.store %new_tag, %tag_at {OF_INT} : i64, !llvm.ptr
  llvm.store %digit, %digit_at {OF_INT} : i32, !llvm.ptr
  cf.br ^done
^other:
  %new = func.call @box_int(%value) : (i64) -> !llvm.ptr
  func.call @store_local(%place, %new) : (!llvm.ptr, !llvm.ptr) -> ()
  cf.br ^done
^done:
  func.return
}

// An int of at most one digit has a tag below 16: its sign is 1 - (tag & 3).
func.func private @unbox_int(%object: !llvm.ptr) -> (i64, i1) attributes {llvm.linkage = #llvm.linkage<internal>} {
  %false = arith.constant false
  %true = arith.constant true
  %one = arith.constant 1 : i64
  %three = arith.constant 3 : i64
  %sixteen = arith.constant 16 : i64
  %none = arith.constant 0 : i64
  %out = llvm.alloca %one x i64 : (i64) -> !llvm.ptr
  %type_at = llvm.getelementptr %object[{OB_TYPE}] : (!llvm.ptr) -> !llvm.ptr, i8
  %type = llvm.load %type_at {OF_TYPE} : !llvm.ptr -> !llvm.ptr
  %int = llvm.mlir.addressof @PyLong_Type : !llvm.ptr
  %is_int = llvm.icmp "eq" %type, %int : !llvm.ptr
  cf.cond_br %is_int weights([2000, 1]), ^int, ^done(%none, %false : i64, i1)
^int:
  %tag_at = llvm.getelementptr %object[{LONG_TAG}] : (!llvm.ptr) -> !llvm.ptr, i8
  %tag = llvm.load %tag_at {OF_INT} : !llvm.ptr -> i64
  %compact = arith.cmpi ult, %tag, %sixteen : i64
  cf.cond_br %compact weights([2000, 1]), ^compact, ^long
^compact:
  %digit_at = llvm.getelementptr %object[{LONG_DIGITS}] : (!llvm.ptr) -> !llvm.ptr, i8
  %digit = llvm.load %digit_at {OF_INT} : !llvm.ptr -> i32
  %magnitude = arith.extui %digit : i32 to i64
  %sign_bits = arith.andi %tag, %three : i64
  %sign = arith.subi %one, %sign_bits : i64
  %value = arith.muli %magnitude, %sign : i64
  cf.br ^done(%value, %true : i64, i1)
^long:
  %fits = func.call @sw_unbox_int(%object, %out) : (!llvm.ptr, !llvm.ptr) -> i32
  %zero = arith.constant 0 : i32
  %ok = arith.cmpi ne, %fits, %zero : i32
  %long = llvm.load %out : !llvm.ptr -> i64
  cf.br ^done(%long, %ok : i64, i1)
^done(%result: i64, %is_ok: i1):
  func.return %result, %is_ok : i64, i1
}

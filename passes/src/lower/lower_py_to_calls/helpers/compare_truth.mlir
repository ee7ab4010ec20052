// Two ints of one digit: their tags are below 16, their signs 1 - (tag & 3). The kinds are Py_LT to Py_GE.
func.func private @compare_truth(%lhs: !llvm.ptr, %rhs: !llvm.ptr, %kind: i32) -> i32 attributes {llvm.linkage = #llvm.linkage<internal>} {
  %one = arith.constant 1 : i64
  %three = arith.constant 3 : i64
  %sixteen = arith.constant 16 : i64
  %int = llvm.mlir.addressof @PyLong_Type : !llvm.ptr
  %lhs_type_at = llvm.getelementptr %lhs[{OB_TYPE}] : (!llvm.ptr) -> !llvm.ptr, i8
  %lhs_type = llvm.load %lhs_type_at {OF_TYPE} : !llvm.ptr -> !llvm.ptr
  %lhs_is_int = llvm.icmp "eq" %lhs_type, %int : !llvm.ptr
  %rhs_type_at = llvm.getelementptr %rhs[{OB_TYPE}] : (!llvm.ptr) -> !llvm.ptr, i8
  %rhs_type = llvm.load %rhs_type_at {OF_TYPE} : !llvm.ptr -> !llvm.ptr
  %rhs_is_int = llvm.icmp "eq" %rhs_type, %int : !llvm.ptr
  %are_ints = arith.andi %lhs_is_int, %rhs_is_int : i1
  cf.cond_br %are_ints, ^ints, ^other
^ints:
  %lhs_tag_at = llvm.getelementptr %lhs[{LONG_TAG}] : (!llvm.ptr) -> !llvm.ptr, i8
  %lhs_tag = llvm.load %lhs_tag_at {OF_INT} : !llvm.ptr -> i64
  %rhs_tag_at = llvm.getelementptr %rhs[{LONG_TAG}] : (!llvm.ptr) -> !llvm.ptr, i8
  %rhs_tag = llvm.load %rhs_tag_at {OF_INT} : !llvm.ptr -> i64
  %either = arith.ori %lhs_tag, %rhs_tag : i64
  %small = arith.cmpi ult, %either, %sixteen : i64
  cf.cond_br %small weights([2000, 1]), ^small, ^other
^small:
  %lhs_digit_at = llvm.getelementptr %lhs[{LONG_DIGITS}] : (!llvm.ptr) -> !llvm.ptr, i8
  %lhs_digit = llvm.load %lhs_digit_at {OF_INT} : !llvm.ptr -> i32
  %lhs_wide = arith.extui %lhs_digit : i32 to i64
  %lhs_bits = arith.andi %lhs_tag, %three : i64
  %lhs_sign = arith.subi %one, %lhs_bits : i64
  %a = arith.muli %lhs_wide, %lhs_sign : i64
  %rhs_digit_at = llvm.getelementptr %rhs[{LONG_DIGITS}] : (!llvm.ptr) -> !llvm.ptr, i8
  %rhs_digit = llvm.load %rhs_digit_at {OF_INT} : !llvm.ptr -> i32
  %rhs_wide = arith.extui %rhs_digit : i32 to i64
  %rhs_bits = arith.andi %rhs_tag, %three : i64
  %rhs_sign = arith.subi %one, %rhs_bits : i64
  %b = arith.muli %rhs_wide, %rhs_sign : i64
  %lt = arith.constant 0 : i32
  %le = arith.constant 1 : i32
  %eq = arith.constant 2 : i32
  %ne = arith.constant 3 : i32
  %gt = arith.constant 4 : i32
  %is_lt = arith.cmpi eq, %kind, %lt : i32
  %is_le = arith.cmpi eq, %kind, %le : i32
  %is_eq = arith.cmpi eq, %kind, %eq : i32
  %is_ne = arith.cmpi eq, %kind, %ne : i32
  %is_gt = arith.cmpi eq, %kind, %gt : i32
  %a_lt = arith.cmpi slt, %a, %b : i64
  %a_le = arith.cmpi sle, %a, %b : i64
  %a_eq = arith.cmpi eq, %a, %b : i64
  %a_ne = arith.cmpi ne, %a, %b : i64
  %a_gt = arith.cmpi sgt, %a, %b : i64
  %a_ge = arith.cmpi sge, %a, %b : i64
  %gt_or_ge = arith.select %is_gt, %a_gt, %a_ge : i1
  %ne_or = arith.select %is_ne, %a_ne, %gt_or_ge : i1
  %eq_or = arith.select %is_eq, %a_eq, %ne_or : i1
  %le_or = arith.select %is_le, %a_le, %eq_or : i1
  %holds = arith.select %is_lt, %a_lt, %le_or : i1
  %answer = arith.extui %holds : i1 to i32
  cf.br ^done(%answer : i32)
^other:
  %truth = func.call @sw_compare_truth(%lhs, %rhs, %kind) : (!llvm.ptr, !llvm.ptr, i32) -> i32
  cf.br ^done(%truth : i32)
^done(%result: i32):
  func.return %result : i32
}

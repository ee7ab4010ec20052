// A float that belongs to the list alone is one that nobody else can look at: it becomes the new one.
func.func private @write_float(%place: !llvm.ptr, %value: f64) -> i1 attributes {llvm.linkage = #llvm.linkage<internal>} {
  %true = arith.constant true
  %one = arith.constant 1 : i64
  %old = llvm.load %place {OF_ITEM} : !llvm.ptr -> !llvm.ptr
  %type_at = llvm.getelementptr %old[{OB_TYPE}] : (!llvm.ptr) -> !llvm.ptr, i8
  %type = llvm.load %type_at {OF_TYPE} : !llvm.ptr -> !llvm.ptr
  %float = llvm.mlir.addressof @PyFloat_Type : !llvm.ptr
  %is_float = llvm.icmp "eq" %type, %float : !llvm.ptr
  cf.cond_br %is_float weights([2000, 1]), ^float, ^other
^float:
  %count = llvm.load %old {OF_COUNT} : !llvm.ptr -> i64
  %alone = arith.cmpi eq, %count, %one : i64
  cf.cond_br %alone weights([2000, 1]), ^alone, ^other
^alone:
  %value_at = llvm.getelementptr %old[{FLOAT_VALUE}] : (!llvm.ptr) -> !llvm.ptr, i8
  llvm.store %value, %value_at {OF_FLOAT} : f64, !llvm.ptr
  cf.br ^done(%true : i1)
^other:
  %none = arith.constant 0 : i32
  %status = func.call @sw_write_float(%place, %value) : (!llvm.ptr, f64) -> i32
  %written = arith.cmpi ne, %status, %none : i32
  cf.br ^done(%written : i1)
^done(%ok: i1):
  func.return %ok : i1
}

func.func private @unbox_complex(%object: !llvm.ptr) -> (f64, f64, i1) attributes {llvm.linkage = #llvm.linkage<internal>} {
  %none = arith.constant 0.0 : f64
  %type_at = llvm.getelementptr %object[{OB_TYPE}] : (!llvm.ptr) -> !llvm.ptr, i8
  %type = llvm.load %type_at : !llvm.ptr -> !llvm.ptr
  %complex = llvm.mlir.addressof @PyComplex_Type : !llvm.ptr
  %ok = llvm.icmp "eq" %type, %complex : !llvm.ptr
  cf.cond_br %ok weights([2000, 1]), ^complex, ^done(%none, %none : f64, f64)
^complex:
  %real_at = llvm.getelementptr %object[{COMPLEX_REAL}] : (!llvm.ptr) -> !llvm.ptr, i8
  %real = llvm.load %real_at : !llvm.ptr -> f64
  %imag_at = llvm.getelementptr %object[{COMPLEX_IMAG}] : (!llvm.ptr) -> !llvm.ptr, i8
  %imag = llvm.load %imag_at : !llvm.ptr -> f64
  cf.br ^done(%real, %imag : f64, f64)
^done(%re: f64, %im: f64):
  func.return %re, %im, %ok : f64, f64, i1
}

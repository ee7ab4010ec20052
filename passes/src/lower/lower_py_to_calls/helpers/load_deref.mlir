func.func private @load_deref(%ts: !llvm.ptr, %frame: !llvm.ptr, %cell: !llvm.ptr, %index: i32) -> !llvm.ptr attributes {llvm.linkage = #llvm.linkage<internal>} {
  %null = llvm.mlir.zero : !llvm.ptr
  %contents_at = llvm.getelementptr %cell[{CELL_CONTENTS}] : (!llvm.ptr) -> !llvm.ptr, i8
  %contents = llvm.load %contents_at : !llvm.ptr -> !llvm.ptr
  %is_empty = llvm.icmp "eq" %contents, %null : !llvm.ptr
  cf.cond_br %is_empty weights([1, 2000]), ^empty, ^there
^there:
  func.call @incref(%contents) : (!llvm.ptr) -> ()
  cf.br ^done(%contents : !llvm.ptr)
^empty:
  %raised = func.call @sw_load_deref(%ts, %frame, %cell, %index) : (!llvm.ptr, !llvm.ptr, !llvm.ptr, i32) -> !llvm.ptr
  cf.br ^done(%raised : !llvm.ptr)
^done(%result: !llvm.ptr):
  func.return %result : !llvm.ptr
}

func.func private @load_item(%container: !llvm.ptr, %key: !llvm.ptr) -> !llvm.ptr attributes {llvm.linkage = #llvm.linkage<internal>} {
  %null = llvm.mlir.zero : !llvm.ptr
  %place = func.call @item_at(%container, %key) : (!llvm.ptr, !llvm.ptr) -> !llvm.ptr
  %none = llvm.icmp "eq" %place, %null : !llvm.ptr
  cf.cond_br %none, ^other, ^item
^item:
  %item = llvm.load %place : !llvm.ptr -> !llvm.ptr
  func.call @incref(%item) : (!llvm.ptr) -> ()
  func.return %item : !llvm.ptr
^other:
  %slow = func.call @sw_load_subscr(%container, %key) : (!llvm.ptr, !llvm.ptr) -> !llvm.ptr
  func.return %slow : !llvm.ptr
}

func.func @f(%p: !llvm.ptr) {
  %s = py.frame_state 0 locals(%p) stack() : (!llvm.ptr)
  func.return
}

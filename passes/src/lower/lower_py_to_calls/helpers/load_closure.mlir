// The closure has a cell for each free variable, and is the same as long as the function is.
func.func private @load_closure(%frame: !llvm.ptr, %index: i32) -> !llvm.ptr attributes {llvm.linkage = #llvm.linkage<internal>} {
  %function_at = llvm.getelementptr %frame[{FRAME_FUNCTION}] : (!llvm.ptr) -> !llvm.ptr, i8
  %function = llvm.load %function_at : !llvm.ptr -> !llvm.ptr
  %closure_at = llvm.getelementptr %function[{FUNCTION_CLOSURE}] : (!llvm.ptr) -> !llvm.ptr, i8
  %closure = llvm.load %closure_at : !llvm.ptr -> !llvm.ptr
  %cells = llvm.getelementptr %closure[{TUPLE_ITEMS}] : (!llvm.ptr) -> !llvm.ptr, i8
  %cell_at = llvm.getelementptr %cells[%index] : (!llvm.ptr, i32) -> !llvm.ptr, !llvm.ptr
  %cell = llvm.load %cell_at : !llvm.ptr -> !llvm.ptr
  func.return %cell : !llvm.ptr
}

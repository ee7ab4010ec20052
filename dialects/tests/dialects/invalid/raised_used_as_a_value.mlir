func.func @f(%x: !py.object, %s: !py.state) -> i1 {
  %0, %raised = py.binary add %x, %x at %s catch i1
  func.return %raised : i1
}

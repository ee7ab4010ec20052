// An op that can fail stays although its result is unused, and so does its edge.
func.func @f(%x: !py.object) -> !py.object {
  %s = py.frame_state 8 locals(%x) stack() : (!py.object)
  %0, %raised = py.binary add %x, %x at %s catch i1
  cf.cond_br %raised, ^handler, ^next
^handler:
  %e = py.fetch_exception
  func.return %e : !py.object
^next:
  func.return %x : !py.object
}

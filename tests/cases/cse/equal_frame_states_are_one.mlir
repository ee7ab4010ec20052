// Two ops of one instruction take equal states; one is enough.
func.func @f(%x: !py.object) -> !py.object {
  %s0 = py.frame_state 4 locals(%x) stack(%x) : (!py.object), (!py.object)
  %0 = py.unbox %x at %s0 : i64
  %s1 = py.frame_state 4 locals(%x) stack(%x) : (!py.object), (!py.object)
  %1 = num.add %0, %0 at %s1
  %2 = py.box %1 : i64
  func.return %2 : !py.object
}

func.func @f(%x: !py.object) {
  %s = py.frame_state 4 locals(%x) stack() : (!py.object)
  %ok, %items, %n = py.sequence %x as "list"
  py.poll at %s
  py.confirm_sequence %x as "list" is (%ok, %items, %n) at %s
  return
}

func.func @f() {
  %s = py.frame_state -2 locals() stack()
  func.return
}

func.func @f() {
  state.dispatch [4] ^start, ^resumed
^start:
  py.propagate
^resumed:
  py.propagate
}

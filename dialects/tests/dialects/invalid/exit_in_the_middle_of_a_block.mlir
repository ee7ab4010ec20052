func.func @f(%s: !py.state) {
  py.exit %s "not lifted"
  func.return
}

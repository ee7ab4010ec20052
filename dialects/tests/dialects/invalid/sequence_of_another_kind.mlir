func.func @f(%x: !py.object) {
  %ok, %items, %n = py.sequence %x as "bag"
  func.return
}

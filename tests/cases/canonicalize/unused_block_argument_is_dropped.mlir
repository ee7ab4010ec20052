// A loop carries a local that nobody reads.
func.func @f(%x: !py.object, %c: i1) -> !py.object {
  cf.br ^loop(%x : !py.object)
^loop(%y: !py.object):
  py.incref %x
  cf.cond_br %c, ^loop(%y : !py.object), ^done
^done:
  func.return %x : !py.object
}

// Both branches of an if leave a local as it was. (A loop that does keeps its argument.)
func.func @f(%x: !py.object, %c: i1) -> !py.object {
  cf.cond_br %c, ^then, ^else
^then:
  py.incref %x
  cf.br ^join(%x : !py.object)
^else:
  py.decref %x
  cf.br ^join(%x : !py.object)
^join(%y: !py.object):
  py.incref %y
  func.return %y : !py.object
}

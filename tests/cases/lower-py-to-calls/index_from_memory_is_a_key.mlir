// The key is defined by an op that is lowered, too.
func.func @f(%p: !py.object, %d: !py.object) -> !py.object attributes {py.kind = "function", py.locals = ["p", "d"], py.argcount = 2 : i32} {
  %ok, %x = py.read_attr %p, 0 "x" : i64
  %k = py.box %x : i64
  %s = py.frame_state 2 locals() stack()
  %r, %raised = py.load_subscr %d, %k at %s catch i1
  py.decref %k
  cf.cond_br %raised, ^no, ^yes
^yes:
  func.return %r : !py.object
^no:
  %1 = py.none
  func.return %1 : !py.object
}

// What appends is known, and so is the method that an exit in between would have to have.
func.func @f(%x: !py.object) -> !py.object attributes {py.block_types = [["object"]], py.kind = "function", py.locals = ["x"], py.argcount = 1 : i32} {
  %s0 = py.frame_state 2 locals(%x) stack() : (!py.object)
  %list = py.build_list() at %s0 {py.type = "list"}
  %s1 = py.frame_state 4 locals(%x) stack(%list) : (!py.object), (!py.object)
  %m, %self = py.load_method %list, 0 "append" at %s1
  %s2 = py.frame_state 24 locals(%x) stack(%m, %self, %x, %x) : (!py.object), (!py.object, !py.object, !py.object, !py.object)
  %sum = py.binary add %x, %x at %s2
  %s3 = py.frame_state 28 locals(%x) stack(%m, %self, %sum) : (!py.object), (!py.object, !py.object, !py.object)
  %none = py.call %m, %self(%sum) at %s3
  func.return %none : !py.object
}

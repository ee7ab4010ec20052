func.func @f(%x: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "f", py.locals = ["x"], py.argcount = 1 : i32} {
  %s = py.frame_state 2 locals(%x) stack() : (!py.object)
  py.poll at %s
  %f = py.unbox %x at %s : f64
  %q = math.sqrt %f : f64
  %b = py.box %q : f64
  py.check_frame at %s
  func.return %b : !py.object
}

func.func @f(%i: i64, %bound: i1, %x: !py.object) attributes {py.locals = ["i"]} {
  %0 = py.box %i if %bound : i64
  %s = py.frame_state 4 locals(%0) stack() : (!py.object)
  py.exit %s "example"
}

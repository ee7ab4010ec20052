func.func @f(%x: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "f", py.locals = ["x", "i", "j"], py.argcount = 1 : i32, py.native_slots = array<i32: 1, 2>} {
  %n, %ok = py.try_unbox %x : i64
  cf.cond_br %ok, ^next, ^unbox
^next:
  %m = arith.sitofp %n : i64 to f64
  %fits = arith.cmpi slt, %n, %n : i64
  cf.cond_br %fits, ^done, ^checked
^done:
  %r = py.box %m : f64
  func.return %r : !py.object
^unbox:
  %a = py.load_local 0 "x"
  %s = py.frame_state 2 locals() stack(%a), (!py.object)
  py.exit %s "not an int of 64 bits" slots []
^checked:
  %it = py.range_iterator %n, %n, %n
  %box = py.box %m if %fits : f64
  %t = py.frame_state 6 locals(%n, %box) stack(%it, %n) : (i64, !py.object), (!py.object, i64)
  py.exit %t "too large" slots [1, 2]
}

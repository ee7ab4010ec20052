func.func @f(%x: !py.object, %y: !py.object) -> !py.object attributes {py.argcount = 2 : i32, py.kind = "function", py.locals = ["x", "y"], py.qualname = "f"} {
  %i = arith.constant 3 : i64
  %ok, %items, %n = py.sequence %x as "list"
  %is_float, %v = py.read_item %x, %items[%i] : f64
  %written = py.write_item %v, %x, %items[%n] : f64
  %r = py.box %v : f64
  return %r : !py.object
}

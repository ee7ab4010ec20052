func.func @f(%x: !py.object) -> !py.object attributes {py.kind = "function", py.qualname = "f", py.locals = ["x"], py.argcount = 1 : i32} {
  %next, %stop, %step = py.range_place %x
  %sum = arith.addi %next, %stop : i64
  %all = arith.addi %sum, %step : i64
  %box = py.box %all : i64
  func.return %box : !py.object
}

// def f(x, y):
//     z = x + 1.0
//     return z is y
module {
  func.func @f(%x: !py.object, %y: !py.object) -> !py.object attributes {py.argcount = 2 : i32, py.kind = "function", py.locals = ["x", "y", "z"], py.mode = "auto", py.param_types = [f64, f64], py.qualname = "f"} {
    %0 = py.null
    %1 = py.frame_state 0 locals(%x, %y, %0) stack() : (!py.object, !py.object, !py.object)
    py.poll at %1
    %2 = py.constant 1 = 1.000000e+00 : f64
    %3 = py.frame_state 6 locals(%x, %y, %0) stack(%x, %2) : (!py.object, !py.object, !py.object), (!py.object, !py.object)
    %z = py.binary add %x, %2 at %3
    %4 = py.frame_state 10 locals(%x, %y, %0) stack(%z) : (!py.object, !py.object, !py.object), (!py.object)
    py.store_local 2 "z", %z at %4
    %5 = py.is %z, %y
    %6 = py.box %5 : i1
    return %6 : !py.object
  }
}

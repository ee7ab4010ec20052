// def f(x):
//     return x.bit_length()
module {
  func.func @f(%x: !py.object) -> !py.object attributes {py.argcount = 1 : i32, py.kind = "function", py.locals = ["x"], py.mode = "int", py.param_types = [i64], py.qualname = "f"} {
    %0 = py.frame_state 0 locals(%x) stack() : (!py.object)
    py.poll at %0
    %1 = py.frame_state 4 locals(%x) stack(%x) : (!py.object), (!py.object)
    %callable, %self_or_null = py.load_method %x, 0 "bit_length" at %1
    %2 = py.frame_state 24 locals(%x) stack(%callable, %self_or_null) : (!py.object), (!py.object, !py.object)
    %result = py.call %callable, %self_or_null() at %2
    return %result : !py.object
  }
}

// passes: infer-types,lower-py-to-num
// def f(z):
//     return z.real * z.real + z.imag
module {
  func.func @f(%z: !py.object) -> !py.object attributes {py.argcount = 1 : i32, py.kind = "function", py.locals = ["z"], py.mode = "auto", py.param_types = [complex<f64>], py.qualname = "f"} {
    %0 = py.frame_state 0 locals(%z) stack() : (!py.object)
    py.poll at %0
    %1 = py.frame_state 4 locals(%z) stack(%z) : (!py.object), (!py.object)
    %result = py.load_attr %z, 0 "real" at %1
    %2 = py.frame_state 26 locals(%z) stack(%result, %z) : (!py.object), (!py.object, !py.object)
    %result_0 = py.load_attr %z, 0 "real" at %2
    %3 = py.frame_state 46 locals(%z) stack(%result, %result_0) : (!py.object), (!py.object, !py.object)
    %result_1 = py.binary multiply %result, %result_0 at %3
    %4 = py.frame_state 52 locals(%z) stack(%result_1, %z) : (!py.object), (!py.object, !py.object)
    %result_2 = py.load_attr %z, 1 "imag" at %4
    %5 = py.frame_state 72 locals(%z) stack(%result_1, %result_2) : (!py.object), (!py.object, !py.object)
    %result_3 = py.binary add %result_1, %result_2 at %5
    return %result_3 : !py.object
  }
}

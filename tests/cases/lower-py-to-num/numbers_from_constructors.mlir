// passes: infer-types,lower-py-to-num
// def f(i, x):
//     return int(x) + i, float(i), bool(x), complex(i, x)
module {
  func.func @f(%i: !py.object, %x: !py.object) -> !py.object attributes {py.argcount = 2 : i32, py.kind = "function", py.locals = ["i", "x"], py.mode = "auto", py.param_types = [i64, f64], py.qualname = "f"} {
    %0 = py.frame_state 0 locals(%i, %x) stack() : (!py.object, !py.object)
    py.poll at %0
    %1 = py.frame_state 2 locals(%i, %x) stack() : (!py.object, !py.object)
    %result = py.load_global 0 "int" at %1
    %2 = py.null
    %3 = py.frame_state 14 locals(%i, %x) stack(%result, %2, %x) : (!py.object, !py.object), (!py.object, !py.object, !py.object)
    %result_0 = py.call %result, %2(%x) at %3
    %4 = py.frame_state 24 locals(%i, %x) stack(%result_0, %i) : (!py.object, !py.object), (!py.object, !py.object)
    %result_1 = py.binary add %result_0, %i at %4
    %5 = py.frame_state 28 locals(%i, %x) stack(%result_1) : (!py.object, !py.object), (!py.object)
    %result_2 = py.load_global 1 "float" at %5
    %6 = py.null
    %7 = py.frame_state 40 locals(%i, %x) stack(%result_1, %result_2, %6, %i) : (!py.object, !py.object), (!py.object, !py.object, !py.object, !py.object)
    %result_3 = py.call %result_2, %6(%i) at %7
    %8 = py.frame_state 48 locals(%i, %x) stack(%result_1, %result_3) : (!py.object, !py.object), (!py.object, !py.object)
    %result_4 = py.load_global 2 "bool" at %8
    %9 = py.null
    %10 = py.frame_state 60 locals(%i, %x) stack(%result_1, %result_3, %result_4, %9, %x) : (!py.object, !py.object), (!py.object, !py.object, !py.object, !py.object, !py.object)
    %result_5 = py.call %result_4, %9(%x) at %10
    %11 = py.frame_state 68 locals(%i, %x) stack(%result_1, %result_3, %result_5) : (!py.object, !py.object), (!py.object, !py.object, !py.object)
    %result_6 = py.load_global 3 "complex" at %11
    %12 = py.null
    %13 = py.frame_state 80 locals(%i, %x) stack(%result_1, %result_3, %result_5, %result_6, %12, %i, %x) : (!py.object, !py.object), (!py.object, !py.object, !py.object, !py.object, !py.object, !py.object, !py.object)
    %result_7 = py.call %result_6, %12(%i, %x) at %13
    %14 = py.frame_state 88 locals(%i, %x) stack(%result_1, %result_3, %result_5, %result_7) : (!py.object, !py.object), (!py.object, !py.object, !py.object, !py.object)
    %result_8 = py.build_tuple(%result_1, %result_3, %result_5, %result_7) at %14
    return %result_8 : !py.object
  }
}

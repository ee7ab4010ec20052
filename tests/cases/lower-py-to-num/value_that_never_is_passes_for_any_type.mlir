// passes: infer-types,lower-py-to-num
// def f(n):
//     if n:
//         del n
//         n = n + 1
//     return n
func.func @f(%n: !py.object) -> !py.object attributes {
    py.qualname = "f", py.kind = "function", py.mode = "auto", py.argcount = 1 : i32,
    py.locals = ["n"], py.param_types = [i64]} {
  %null = py.null
  %s0 = py.frame_state 4 locals(%n) stack(%n) : (!py.object), (!py.object)
  %0 = py.truth %n at %s0
  cf.cond_br %0, ^delete, ^join(%n : !py.object)
^delete:
  %s1 = py.frame_state 16 locals(%n) stack() : (!py.object)
  py.store_local 0 "n", %null at %s1
  %s2 = py.frame_state 18 locals(%null) stack() : (!py.object)
  %1 = py.check_bound %null, 0 "n" at %s2 : !py.object -> !py.object
  %2 = py.constant 1 = 1 : i64
  %s3 = py.frame_state 22 locals(%null) stack(%1, %2) : (!py.object), (!py.object, !py.object)
  %3 = py.binary add %1, %2 at %s3
  py.store_local 0 "n", %3 at %s3
  cf.br ^join(%3 : !py.object)
^join(%m: !py.object):
  func.return %m : !py.object
}

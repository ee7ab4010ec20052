// What is computed from another result than the first is not left out: the sum is no number.
module {
  func.func @f(%pair: !py.object, %again: i1) -> !py.object attributes {py.argcount = 1 : i32, py.kind = "function", py.locals = ["pair"], py.mode = "auto", py.param_types = [!py.object], py.qualname = "f"} {
    %0 = py.frame_state 0 locals(%pair) stack() : (!py.object)
    %zero = py.constant 1 = 0 : i64
    cf.br ^bb1(%zero : !py.object)
  ^bb1(%total: !py.object):
    %a, %b = py.unpack_sequence %pair at %0 : !py.object, !py.object
    %sum = py.binary inplace_add %total, %b at %0
    cf.cond_br %again, ^bb1(%sum : !py.object), ^bb2
  ^bb2:
    return %sum : !py.object
  }
}

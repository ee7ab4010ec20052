func.func @volume(%w: !py.object, %h: !py.object) -> !py.object attributes {py.kind = "function", py.argcount = 2 : i32, py.locals = ["w", "h"], py.qualname = "volume"} {
  %null = py.null
  %s1 = py.frame_state 6 locals(%w, %h) stack() : (!py.object, !py.object)
  %f = py.load_global 0 "area" at %s1
  %s2 = py.frame_state 18 locals(%w, %h) stack(%f, %null, %w, %h) : (!py.object, !py.object), (!py.object, !py.object, !py.object, !py.object)
  %r = py.call %f, %null(%w, %h) at %s2
  %s3 = py.frame_state 26 locals(%w, %h) stack(%r) : (!py.object, !py.object), (!py.object)
  py.check_frame at %s3
  return %r : !py.object
}

func.func @"function area"(%a: !py.object, %b: !py.object) -> !py.object attributes {py.inlinable = "area", py.kind = "function", py.argcount = 2 : i32, py.locals = ["a", "b"], py.qualname = "area"} {
  %s0 = py.frame_state 0 locals(%a, %b) stack() : (!py.object, !py.object)
  py.poll at %s0
  %two = py.constant 1 = 2 : i64
  %s1 = py.frame_state 6 locals(%a, %b) stack(%a, %two) : (!py.object, !py.object), (!py.object, !py.object)
  %t = py.compare lt %a, %two at %s1
  %c = py.truth %t at %s1
  cf.cond_br %c, ^small, ^large
^small:
  return %two : !py.object
^large:
  %s2 = py.frame_state 16 locals(%a, %b) stack(%a, %b) : (!py.object, !py.object), (!py.object, !py.object)
  %p = py.binary multiply %a, %b at %s2
  return %p : !py.object
}

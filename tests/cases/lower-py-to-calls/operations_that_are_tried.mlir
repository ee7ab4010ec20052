// Each tells whether it was possible; a reference that it yields is new, and null where it was not.
func.func @f(%p: !py.object, %q: !py.object) -> !py.object attributes {py.kind = "function", py.locals = ["p", "q"], py.argcount = 2 : i32, py.frame = "leaf"} {
  %ok0, %item = py.try_subscr %p, %q
  cf.cond_br %ok0, ^1, ^no
^1:
  %ok1, %sum = py.try_binary add %item, %q
  cf.cond_br %ok1, ^2, ^no
^2:
  %ok2, %less = py.try_compare lt %sum, %item
  cf.cond_br %ok2, ^3, ^no
^3:
  %ok3, %true = py.try_truth %sum
  cf.cond_br %ok3, ^4, ^no
^4:
  %stored = py.poke_attr %p, 0 "sum", %sum
  cf.cond_br %stored, ^5, ^no
^5:
  cf.cond_br %less, ^yes, ^6
^6:
  cf.cond_br %true, ^yes, ^no
^yes:
  func.return %q : !py.object
^no:
  %none = py.none
  func.return %none : !py.object
}

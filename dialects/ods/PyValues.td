//===- PyValues.td - constants, locals, frame states, boxes ---------------===//

#ifndef STEPWELL_PY_VALUES
#define STEPWELL_PY_VALUES

include "PyBase.td"

def Py_NullOp : Py_Op<"null", [Pure]> {
  let summary = "no object";
  let description = [{
    The value of an unbound local and of the empty self of a plain call.

    Example: `%0 = py.null`
  }];
  let results = (outs Py_ObjectV:$result);
  let assemblyFormat = "attr-dict";
  let ownership = "borrowed";
  let nullable = 1;
}

def Py_NoneOp : Py_Op<"none", [Pure]> {
  let summary = "None";
  let description = [{
    For instructions that know of None by themselves: the code object may have
    no such constant.

    Example: `%0 = py.none`
  }];
  let results = (outs Py_ObjectV:$result);
  let assemblyFormat = "attr-dict";
  let ownership = "borrowed";
}

def Py_ConstantOp : Py_Op<"constant", [Pure]> {
  let summary = "a constant of the code object";
  let description = [{
    `co_consts[index]`. `value` repeats it for readers and for type inference:
    an `i64`, `f64` or `i1` attribute, a string for `str`, `unit` for `None`,
    an array of two floats for `complex`; anything else is a dictionary with
    the keys `kind` and `repr`.

    Example: `%0 = py.constant 1 = 2.5 : f64`
  }];
  let arguments = (ins Py_IndexAttr:$index, AnyAttr:$value);
  let results = (outs Py_ObjectV:$result);
  let assemblyFormat = "$index `=` $value attr-dict";
  let ownership = "borrowed";
}

def Py_KnownOp : Py_Op<"known", [Pure]> {
  let summary = "the object that a global stood for at compile time";
  let description = [{
    `name` is a global of the function, with the attribute of a module behind a
    dot if it is one. `num.assume` has checked that it still is this object.

    Example: `%0 = py.known "math.sin"`
  }];
  let arguments = (ins StrAttr:$name);
  let results = (outs Py_ObjectV:$result);
  let assemblyFormat = "$name attr-dict";
  let ownership = "borrowed";
}

def Py_MethodOp : Py_Op<"method", [Pure]> {
  let summary = "a method of a builtin type";
  let description = [{
    As the type has it, which nobody can change.

    Example: `%0 = py.method "list.append"`
  }];
  let arguments = (ins StrAttr:$name);
  let results = (outs Py_ObjectV:$result);
  let assemblyFormat = "$name attr-dict";
  let ownership = "borrowed";
}

def Py_FrameStateOp : Py_Op<"frame_state", [Pure, AttrSizedOperandSegments]> {
  let summary = "where the interpreter can go on";
  let description = [{
    The instruction at the bytecode offset `offset` (bytes, at its first
    EXTENDED_ARG), the value of every slot of `localsplus`, and the evaluation
    stack in front of that instruction, bottom first. Native values are boxed
    when the state is taken.

    Example: `%s = py.frame_state 24 locals(%x, %y) stack(%0) : (!py.object, i64), (!py.object)`,
    and where there are no locals or no stack
    `%s = py.frame_state 4 locals(%x) stack() : (!py.object)`,
    `%s = py.frame_state 4 locals() stack(%0), (!py.object)`,
    `%s = py.frame_state 4 locals() stack()`
  }];
  let arguments = (ins Py_IndexAttr:$offset, Variadic<Py_Value>:$locals, Variadic<Py_Value>:$stack);
  let results = (outs Py_StateV:$result);
  let assemblyFormat = [{
    $offset `locals` `(` $locals `)` `stack` `(` $stack `)` attr-dict
    (`:` `(` type($locals)^ `)`)? (`,` `(` type($stack)^ `)`)?
  }];
}

def Py_BoxOp : Py_Op<"box", [Pure]> {
  let summary = "the object of a native value";
  let description = [{
    `int`, `float`, `bool` or `complex` of an `i64`, `f64`, `i1` or
    `complex<f64>`. Running out of memory leaves compiled code. With `bound`,
    the value of a local that may be unbound: null when `bound` is false. In a
    function with `py.integers = "uint64"` an `i64` has no sign. Lanes become the
    kind of thing that the first argument is, a record of a flag and an `f64`
    becomes a `float` or `None`.

    Example: `%1 = py.box %0 : i64`, `%2 = py.box %0 if %1 : i64`
  }];
  let arguments = (ins Py_Native:$value, Optional<I1>:$bound);
  let results = (outs Py_ObjectV:$result);
  let assemblyFormat = "$value (`if` $bound^)? attr-dict `:` type($value)";
}

def Py_UnboxOp : Py_Op<"unbox", [DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "the native value of an object of the expected type";
  let description = [{
    Leaves to the interpreter at `state` when the object's type is not exactly
    `int`, `float`, `bool` or `complex`, or when an `int` needs more than 64 bits.
    With `py.guess` the type is only likely. Such an op stays when its result is
    not used any more, since what was folded relies on the type.

    Example: `%1 = py.unbox %0 at %s : i64`
  }];
  let arguments = (ins Py_ObjectV:$object, Py_StateV:$state);
  let results = (outs Py_Native:$result);
  let assemblyFormat = "$object `at` $state attr-dict `:` type($result)";
  let exits = 1;
  let extraClassDefinition = [{
    void $cppClass::getEffects(::llvm::SmallVectorImpl<::mlir::SideEffects::EffectInstance<::mlir::MemoryEffects::Effect>> &effects) {
      if ((*this)->hasAttr("py.guess"))
        effects.emplace_back(::mlir::MemoryEffects::Write::get());
    }
  }];
}

def Py_ConvertOp : Py_RaisingOp<"convert"> {
  let summary = "the native value of an argument, by the rules of the mode";
  let description = [{
    For modes whose parameters take more than one type, or less than all values
    of one. `mode` names the row of the type table, `slot` the parameter. Raises
    TypeError, ValueError or OverflowError that names the parameter.

    Example: `%1 = py.convert %0, 0 as "uint64" at %s : i64`
  }];
  let arguments = (ins Py_ObjectV:$object, Py_IndexAttr:$slot, StrAttr:$mode, Py_StateV:$state);
  let results = (outs Py_Native:$result, Optional<I1>:$raised);
  let assemblyFormat = [{
    $object `,` $slot `as` $mode `at` $state attr-dict `:` type($result) (`catch` type($raised)^)?
  }];
}

def Py_TryUnboxOp : Py_Op<"try_unbox", [NoMemoryEffect]> {
  let summary = "py.unbox whose failure is a value";
  let description = [{
    `ok` tells whether there is a native value; without it `result` is arbitrary.

    Example: `%1, %ok = py.try_unbox %0 : i64`
  }];
  let arguments = (ins Py_ObjectV:$object);
  let results = (outs Py_Native:$result, I1:$ok);
  let assemblyFormat = "$object attr-dict `:` type($result)";
}

def Py_GuardIdentityOp : Py_Op<"guard_identity", []> {
  let summary = "leave unless a value is a well-known object";
  let description = [{
    Leaves to the interpreter at `state` unless `object` is the object behind
    the C symbol `symbol` of the interpreter.

    Example: `py.guard_identity %0 is "PyRange_Type" at %s`
  }];
  let arguments = (ins Py_ObjectV:$object, StrAttr:$symbol, Py_StateV:$state);
  let assemblyFormat = "$object `is` $symbol `at` $state attr-dict";
  let exits = 1;
}

def Py_IsSymbolOp : Py_Op<"is_symbol", [NoMemoryEffect]> {
  let summary = "whether a value is a well-known object";
  let description = [{
    `symbol` is a C symbol of the interpreter.

    Example: `%1 = py.is_symbol %0, "PyRange_Type"`
  }];
  let arguments = (ins Py_ObjectV:$object, StrAttr:$symbol);
  let results = (outs I1:$result);
  let assemblyFormat = "$object `,` $symbol attr-dict";
}

def Py_RangeIteratorOp : Py_Op<"range_iterator", [Pure]> {
  let summary = "the iterator that a native range loop stands for";
  let description = [{
    A `range_iterator` at `start` with `length` items left and step `step`.
    It is made only where the interpreter needs it.

    Example: `%it = py.range_iterator %i, %left, %step`
  }];
  let arguments = (ins I64:$start, I64:$length, I64:$step);
  let results = (outs Py_ObjectV:$result);
  let assemblyFormat = "$start `,` $length `,` $step attr-dict";
}

def Py_RangePlaceOp : Py_Op<"range_place", [MemoryEffects<[MemRead]>]> {
  let summary = "where a range iterator stands";
  let description = [{
    The next item of a `range_iterator`, what lies behind the last one, and the step between them.

    Example: `%next, %stop, %step = py.range_place %it`
  }];
  let arguments = (ins Py_ObjectV:$iterator);
  let results = (outs I64:$next, I64:$stop, I64:$step);
  let assemblyFormat = "$iterator attr-dict";
}

def Py_TupleIteratorOp : Py_CheckingOp<"tuple_iterator"> {
  let summary = "the iterator that a native loop over a tuple or an array stands for";
  let description = [{
    An iterator over `tuple`, which may be an array as well, whose next item is
    the one at the place `index`. That may be the end. It is made only where the
    interpreter needs it.

    Example: `%it = py.tuple_iterator %t, %i at %s`
  }];
  let arguments = (ins Py_ObjectV:$tuple, I64:$index, Py_StateV:$state);
  let results = (outs Py_ObjectV:$result, Optional<I1>:$raised);
  let assemblyFormat = "$tuple `,` $index `at` $state attr-dict (`catch` type($raised)^)?";
}

def Py_LoadLocalOp : Py_Op<"load_local", [MemoryEffects<[MemRead]>]> {
  let summary = "read a slot of the frame";
  let description = [{
    The slot owns the object; null when the local is unbound.

    Example: `%x = py.load_local 0 "x"`
  }];
  let arguments = (ins Py_IndexAttr:$index, StrAttr:$name);
  let results = (outs Py_ObjectV:$result);
  let assemblyFormat = "$index $name attr-dict";
  let ownership = "borrowed";
  let nullable = 1;
}

def Py_StoreLocalOp : Py_Op<"store_local"> {
  let summary = "assign a slot of the frame";
  let description = [{
    The slot takes over the reference and drops the one it had, which may run a
    finalizer. A null value unbinds the local.

    Example: `py.store_local 0 "x", %v at %s`
  }];
  let arguments = (ins Py_IndexAttr:$index, StrAttr:$name, Py_ObjectV:$value, Py_StateV:$state);
  let assemblyFormat = "$index $name `,` $value `at` $state attr-dict";
  let observes = 1;
  let steals = ["value"];
}

def Py_CheckBoundOp : Py_CheckingOp<"check_bound", [
  PredOpTrait<"the result has the type of the value", CPred<"getValue().getType() == getResult().getType()">>]> {
  let summary = "raise UnboundLocalError or NameError for an unbound variable";
  let description = [{
    Yields the value again, known not to be null. `index` is its slot.

    Example: `%1 = py.check_bound %x, 0 "x" at %s : !py.object -> !py.object`
  }];
  let arguments = (ins Py_Value:$value, Py_IndexAttr:$index, StrAttr:$name, Py_StateV:$state);
  let results = (outs Py_Value:$result, Optional<I1>:$raised);
  let assemblyFormat = [{
    $value `,` $index $name `at` $state attr-dict `:` type($value) `->` type($result) (`catch` type($raised)^)?
  }];
  let ownership = "borrowed";
}

def Py_IncrefOp : Py_Op<"incref"> {
  let summary = "one more reference";
  let description = "Nothing for null, where that can be. Example: `py.incref %0`, `py.incref %0 maybe_null`";
  let arguments = (ins Py_ObjectV:$object, UnitAttr:$maybe_null);
  let assemblyFormat = "$object (`maybe_null` $maybe_null^)? attr-dict";
}

def Py_DecrefOp : Py_Op<"decref"> {
  let summary = "one reference less; the last one frees the object";
  let description = "May run a finalizer. Example: `py.decref %0`, `py.decref %0 maybe_null`";
  let arguments = (ins Py_ObjectV:$object, UnitAttr:$maybe_null);
  let assemblyFormat = "$object (`maybe_null` $maybe_null^)? attr-dict";
  let observes = 1;
}

#endif

//===- PyCalls.td - calls, functions, closures -----------------------------===//

#ifndef STEPWELL_PY_CALLS
#define STEPWELL_PY_CALLS

include "PyBase.td"


def Py_CallOp : Py_RaisingOp<"call"> {
  let summary = "CALL and CALL_KW";
  let description = [{
    `self` is null or the first argument. `kwnames` is the index in co_consts of the tuple of
    keyword names, which are those of the last arguments.

    Example: `%2 = py.call %f, %self(%0, %1) at %s`, and with a keyword
    `%2 = py.call %f, %self(%0, %1) kwnames 3 at %s`
  }];
  let arguments = (ins Py_ObjectV:$callable, Py_ObjectV:$self_or_null, Variadic<Py_ObjectV>:$arguments, OptionalAttr<Py_IndexAttr>:$kwnames, Py_StateV:$state);
  let results = (outs Py_ObjectV:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ $callable `,` $self_or_null `(` $arguments `)` (`kwnames` $kwnames^)? `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_CanInlineOp : Py_Op<"can_inline", [MemoryEffects<[MemRead]>]> {
  let summary = "whether a call of a global function may be replaced by its body";
  let description = [{
    The function that the global `name` stood for at compile time still has the
    code that it had then, and the limit of recursion is not reached.

    Example: `%ok = py.can_inline "area"`
  }];
  let arguments = (ins StrAttr:$name);
  let results = (outs I1:$result);
  let assemblyFormat = "$name attr-dict";
}

def Py_CallsItselfOp : Py_Op<"calls_itself", [MemoryEffects<[MemRead]>]> {
  let summary = "whether a call of an object would run the code that runs now";
  let description = [{
    It is a function with the code object of the frame, nobody wants to know of
    the call, and the limit of recursion is not reached.

    Example: `%ok = py.calls_itself %f`
  }];
  let arguments = (ins Py_ObjectV:$callable);
  let results = (outs I1:$result);
  let assemblyFormat = "$callable attr-dict";
}

def Py_ThisFunctionOp : Py_Op<"this_function", [Pure]> {
  let summary = "the function that runs";
  let description = [{
    What the global of its own name holds, where that was checked before.

    Example: `%f = py.this_function`
  }];
  let results = (outs Py_ObjectV:$result);
  let assemblyFormat = "attr-dict";
  let ownership = "borrowed";
}

def Py_CallThisOp : Py_Op<"call_this", []> {
  let summary = "CALL of the function itself, on native values";
  let description = [{
    Calls the native form of the function that runs. Leaves to the interpreter at `state`, in front of the
    instruction, when `callable` is not this function or the call cannot begin; leaves in the middle of the
    instruction when the callee left.

    Example: `%2 = py.call_this %f(%0, %1) at %s : (i64, f64) -> i64`
  }];
  let arguments = (ins Py_ObjectV:$callable, Variadic<Py_Native>:$arguments, Py_StateV:$state);
  let results = (outs Py_Native:$result);
  let assemblyFormat = "$callable `(` $arguments `)` `at` $state attr-dict `:` functional-type($arguments, $result)";
  let exits = 1;
}

def Py_TryCallThisOp : Py_Op<"try_call_this", []> {
  let summary = "py.call_this whose exits are values";
  let description = [{
    `ok` tells whether there is a result. If not, `left` tells whether the callee has begun and left; otherwise
    nothing has happened.

    Example: `%2, %ok, %left = py.try_call_this %f(%0) : (i64) -> (i64, i1, i1)`
  }];
  let arguments = (ins Py_ObjectV:$callable, Variadic<Py_Native>:$arguments);
  let results = (outs Py_Native:$result, I1:$ok, I1:$left);
  let assemblyFormat = "$callable `(` $arguments `)` attr-dict `:` functional-type($arguments, results)";
}

def Py_CallExOp : Py_RaisingOp<"call_ex"> {
  let summary = "CALL_FUNCTION_EX";
  let description = [{
    `keywords` is null or a mapping.

    Example: `%2 = py.call_ex %f, %args, %kwargs at %s`
  }];
  let arguments = (ins Py_ObjectV:$callable, Py_ObjectV:$positional, Py_ObjectV:$keywords, Py_StateV:$state);
  let results = (outs Py_ObjectV:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ $callable `,` $positional `,` $keywords `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_CallIntrinsic1Op : Py_RaisingOp<"call_intrinsic_1"> {
  let summary = "CALL_INTRINSIC_1";
  let description = [{
    `kind` is the number of the intrinsic.

    Example: `%1 = py.call_intrinsic_1 3, %0 at %s`
  }];
  let arguments = (ins Py_InRange<1, 11>:$kind, Py_ObjectV:$operand, Py_StateV:$state);
  let results = (outs Py_ObjectV:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ $kind `,` $operand `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_CallIntrinsic2Op : Py_RaisingOp<"call_intrinsic_2"> {
  let summary = "CALL_INTRINSIC_2";
  let description = [{
    `kind` is the number of the intrinsic.

    Example: `%2 = py.call_intrinsic_2 1, %0, %1 at %s`
  }];
  let arguments = (ins Py_InRange<1, 5>:$kind, Py_ObjectV:$lhs, Py_ObjectV:$rhs, Py_StateV:$state);
  let results = (outs Py_ObjectV:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ $kind `,` $lhs `,` $rhs `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_MakeFunctionOp : Py_CheckingOp<"make_function"> {
  let summary = "MAKE_FUNCTION";
  let description = [{
    Example: `%1 = py.make_function %code at %s`
  }];
  let arguments = (ins Py_ObjectV:$code, Py_StateV:$state);
  let results = (outs Py_ObjectV:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ $code `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_FunctionFlag : ConfinedAttr<I32Attr, [
  AttrConstraint<CPred<"::llvm::is_contained({1, 2, 4, 8}, ::llvm::cast<::mlir::IntegerAttr>($_self).getInt())">,
                 "that is 1, 2, 4 or 8">]>;

def Py_SetFunctionAttributeOp : Py_Op<"set_function_attribute"> {
  let summary = "SET_FUNCTION_ATTRIBUTE";
  let description = [{
    `flag` tells defaults (1), keyword defaults (2), annotations (4), closure (8). The value is
    taken over.

    Example: `py.set_function_attribute 8, %f, %closure`
  }];
  let arguments = (ins Py_FunctionFlag:$flag, Py_ObjectV:$function, Py_ObjectV:$value);
  let assemblyFormat = [{ $flag `,` $function `,` $value attr-dict }];
  let steals = ["value"];
}

def Py_MakeCellOp : Py_CheckingOp<"make_cell"> {
  let summary = "MAKE_CELL";
  let description = [{
    A cell that holds `initial`, or is empty when that is null.

    Example: `%c = py.make_cell %x at %s`
  }];
  let arguments = (ins Py_ObjectV:$initial, Py_StateV:$state);
  let results = (outs Py_ObjectV:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ $initial `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_LoadClosureOp : Py_Op<"load_closure"> {
  let summary = "one cell of the closure of the running function (COPY_FREE_VARS)";
  let description = [{
    Example: `%c = py.load_closure 0`
  }];
  let arguments = (ins Py_IndexAttr:$index);
  let results = (outs Py_ObjectV:$result);
  let assemblyFormat = [{ $index attr-dict }];
  let ownership = "borrowed";
}

def Py_LoadDerefOp : Py_CheckingOp<"load_deref"> {
  let summary = "LOAD_DEREF";
  let description = [{
    `index` is the slot of the cell in localsplus.

    Example: `%x = py.load_deref %c, 2 "x" at %s`
  }];
  let arguments = (ins Py_ObjectV:$cell, Py_IndexAttr:$index, StrAttr:$name, Py_StateV:$state);
  let results = (outs Py_ObjectV:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ $cell `,` $index $name `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_ReadDerefOp : Py_Op<"read_deref", [MemoryEffects<[MemRead]>]> {
  let summary = "read a number from a cell";
  let description = [{
    `ok` tells whether the cell holds exactly a number of the type; without it
    `value` is arbitrary.

    Example: `%ok, %1 = py.read_deref %c : i64`
  }];
  let arguments = (ins Py_ObjectV:$cell);
  let results = (outs I1:$ok, Py_Native:$value);
  let assemblyFormat = [{ $cell attr-dict `:` type($value) }];
}

def Py_WriteDerefOp : Py_Op<"write_deref", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "write a number to a cell";
  let description = [{
    `ok` tells whether that was possible without running Python code: the cell is
    not empty, and holds nothing whose end somebody could notice. Without it
    nothing was done. A number that belongs to the cell alone may be written in
    place.

    Example: `%ok = py.write_deref %v, %c : i64`
  }];
  let arguments = (ins Py_Native:$value, Py_ObjectV:$cell);
  let results = (outs I1:$ok);
  let assemblyFormat = [{ $value `,` $cell attr-dict `:` type($value) }];
}

def Py_LoadFromDictOrDerefOp : Py_RaisingOp<"load_from_dict_or_deref"> {
  let summary = "LOAD_FROM_DICT_OR_DEREF";
  let description = [{
    Example: `%x = py.load_from_dict_or_deref %d, %c, 2 "x" at %s`
  }];
  let arguments = (ins Py_ObjectV:$dict, Py_ObjectV:$cell, Py_IndexAttr:$index, StrAttr:$name, Py_StateV:$state);
  let results = (outs Py_ObjectV:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ $dict `,` $cell `,` $index $name `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_StoreDerefOp : Py_Op<"store_deref"> {
  let summary = "STORE_DEREF";
  let description = [{
    The cell takes over the value.

    Example: `py.store_deref %c, %v at %s`
  }];
  let arguments = (ins Py_ObjectV:$cell, Py_ObjectV:$value, Py_StateV:$state);
  let assemblyFormat = [{ $cell `,` $value `at` $state attr-dict }];
  let observes = 1;
  let steals = ["value"];
}

def Py_DeleteDerefOp : Py_RaisingOp<"delete_deref"> {
  let summary = "DELETE_DEREF";
  let description = [{
    Example: `py.delete_deref %c, 2 "x" at %s`
  }];
  let arguments = (ins Py_ObjectV:$cell, Py_IndexAttr:$index, StrAttr:$name, Py_StateV:$state);
  let results = (outs Optional<I1>:$raised);
  let assemblyFormat = [{ $cell `,` $index $name `at` $state attr-dict (`catch` type($raised)^)? }];
}

#endif

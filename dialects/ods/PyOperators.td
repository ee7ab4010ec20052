//===- PyOperators.td - operators, comparisons, truth ----------------------===//

#ifndef STEPWELL_PY_OPERATORS
#define STEPWELL_PY_OPERATORS

include "PyBase.td"
include "PyEnums.td"


def Py_BinaryOp : Py_RaisingOp<"binary"> {
  let summary = "BINARY_OP";
  let description = [{
    All 26 operators, the in-place ones included.

    Example: `%2 = py.binary add %0, %1 at %s`
  }];
  let arguments = (ins Py_BinaryKind:$kind, Py_ObjectV:$lhs, Py_ObjectV:$rhs, Py_StateV:$state);
  let results = (outs Py_ObjectV:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ $kind $lhs `,` $rhs `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_UnaryOp : Py_RaisingOp<"unary"> {
  let summary = "UNARY_NEGATIVE and UNARY_INVERT";
  let description = [{
    Example: `%1 = py.unary negative %0 at %s`
  }];
  let arguments = (ins Py_UnaryKind:$kind, Py_ObjectV:$operand, Py_StateV:$state);
  let results = (outs Py_ObjectV:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ $kind $operand `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_CompareOp : Py_RaisingOp<"compare"> {
  let summary = "COMPARE_OP";
  let description = [{
    The result is any object; `py.truth` makes it an `i1`.

    Example: `%2 = py.compare lt %0, %1 at %s`
  }];
  let arguments = (ins Py_CompareKind:$kind, Py_ObjectV:$lhs, Py_ObjectV:$rhs, Py_StateV:$state);
  let results = (outs Py_ObjectV:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ $kind $lhs `,` $rhs `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_CompareTruthOp : Py_RaisingOp<"compare_truth"> {
  let summary = "COMPARE_OP followed by TO_BOOL";
  let description = [{
    The truth value of a comparison that nobody else wants.

    Example: `%2 = py.compare_truth lt %0, %1 at %s`
  }];
  let arguments = (ins Py_CompareKind:$kind, Py_ObjectV:$lhs, Py_ObjectV:$rhs, Py_StateV:$state);
  let results = (outs I1:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ $kind $lhs `,` $rhs `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_TryCompareOp : Py_Op<"try_compare", [MemoryEffects<[MemRead]>]> {
  let summary = "compare two numbers or strings";
  let description = [{
    `ok` tells whether the operands are of builtin types, so that no Python code
    had to run; without it `result` means nothing.

    Example: `%ok, %2 = py.try_compare lt %0, %1`
  }];
  let arguments = (ins Py_CompareKind:$kind, Py_ObjectV:$lhs, Py_ObjectV:$rhs);
  let results = (outs I1:$ok, I1:$result);
  let assemblyFormat = [{ $kind $lhs `,` $rhs attr-dict }];
}

def Py_TryBinaryOp : Py_Op<"try_binary", [MemoryEffects<[MemRead, MemAlloc]>]> {
  let summary = "compute with two numbers or strings";
  let description = [{
    `ok` tells whether the operands are of builtin types and there is a result,
    so that no Python code had to run and nothing was raised; without it
    `result` is null.

    Example: `%ok, %2 = py.try_binary add %0, %1`
  }];
  let arguments = (ins Py_BinaryKind:$kind, Py_ObjectV:$lhs, Py_ObjectV:$rhs);
  let results = (outs I1:$ok, Py_ObjectV:$result);
  let assemblyFormat = [{ $kind $lhs `,` $rhs attr-dict }];
  let nullable = 1;
}

def Py_TryTruthOp : Py_Op<"try_truth", [MemoryEffects<[MemRead]>]> {
  let summary = "the truth value of an object of a builtin type";
  let description = [{
    `ok` tells whether no Python code had to run; without it `result` means
    nothing.

    Example: `%ok, %1 = py.try_truth %0`
  }];
  let arguments = (ins Py_ObjectV:$operand);
  let results = (outs I1:$ok, I1:$result);
  let assemblyFormat = [{ $operand attr-dict }];
}

def Py_IsOp : Py_Op<"is", [NoMemoryEffect]> {
  let summary = "IS_OP without its inversion";
  let description = [{
    Example: `%2 = py.is %0, %1`
  }];
  let arguments = (ins Py_ObjectV:$lhs, Py_ObjectV:$rhs);
  let results = (outs I1:$result);
  let assemblyFormat = [{ $lhs `,` $rhs attr-dict }];
}

def Py_ContainsOp : Py_RaisingOp<"contains"> {
  let summary = "CONTAINS_OP without its inversion";
  let description = [{
    Example: `%2 = py.contains %item in %container at %s`
  }];
  let arguments = (ins Py_ObjectV:$item, Py_ObjectV:$container, Py_StateV:$state);
  let results = (outs I1:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ $item `in` $container `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_TruthOp : Py_RaisingOp<"truth"> {
  let summary = "TO_BOOL";
  let description = [{
    The truth value as `i1`.

    Example: `%1 = py.truth %0 at %s`
  }];
  let arguments = (ins Py_ObjectV:$operand, Py_StateV:$state);
  let results = (outs I1:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ $operand `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_GetLenOp : Py_RaisingOp<"get_len"> {
  let summary = "GET_LEN";
  let description = [{
    Example: `%1 = py.get_len %0 at %s`
  }];
  let arguments = (ins Py_ObjectV:$operand, Py_StateV:$state);
  let results = (outs Py_ObjectV:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ $operand `at` $state attr-dict (`catch` type($raised)^)? }];
}

#endif

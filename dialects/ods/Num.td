//===- Num.td - numbers with Python's rules on machine types --------------===//

#ifndef STEPWELL_NUM
#define STEPWELL_NUM

include "mlir/IR/OpBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "PyBase.td"

def Num_Dialect : Dialect {
  let name = "num";
  let cppNamespace = "::stepwell::num";
  let summary = "Numbers with Python's rules on machine types";
  let description = [{
    What `arith` cannot say: floor division and modulo with Python's signs,
    arithmetic that notices overflow, true division of integers, powers,
    comparisons between `int` and `float`. An op that has no native answer
    (overflow, division by zero, a negative shift) leaves compiled code at its
    frame state, and the interpreter executes the instruction itself.
  }];
  let dependentDialects = ["::stepwell::py::PyDialect"];
}

class Num_Op<string mnemonic, list<Trait> traits = []> : Op<Num_Dialect, mnemonic, traits>, Ownership;

// An op that may have no native answer, where Python always has one: it can be dropped when unused, not
// moved above a branch.
class Num_ExitingOp<string mnemonic, list<Trait> traits = []>
    : Num_Op<mnemonic, !listconcat([NoMemoryEffect], traits)> {
  let exits = 1;
}

// An op that leaves where Python raises: that has to happen even when nobody uses the result.
class Num_FailingOp<string mnemonic> : Num_Op<mnemonic> {
  let exits = 1;
}

// What an integer op does about a result that its width does not hold: leave (the default, and the interpreter has the
// exact answer), raise OverflowError, or wrap around.
def Num_Overflow : OptionalAttr<StrAttr>;

class Num_CheckedBinary<string mnemonic, string what> : Num_ExitingOp<mnemonic> {
  let summary = what;
  let description = "Leaves on overflow of 64 bits. Example: `%2 = num." # mnemonic # " %0, %1 at %s`";
  let arguments = (ins I64:$lhs, I64:$rhs, Py_StateV:$state, UnitAttr:$nosign, Num_Overflow:$overflow);
  let results = (outs I64:$result);
  let assemblyFormat = "$lhs `,` $rhs `at` $state attr-dict";
}

class Num_IntBinary<string mnemonic, string what, string why> : Num_FailingOp<mnemonic> {
  let summary = what;
  let description = "Leaves " # why # ". Example: `%2 = num." # mnemonic # " %0, %1 at %s`";
  let arguments = (ins I64:$lhs, I64:$rhs, Py_StateV:$state, UnitAttr:$nosign, Num_Overflow:$overflow);
  let results = (outs I64:$result);
  let assemblyFormat = "$lhs `,` $rhs `at` $state attr-dict";
}

class Num_FloatBinary<string mnemonic, string what, string why> : Num_FailingOp<mnemonic> {
  let summary = what;
  let description = "Leaves " # why # ". Example: `%2 = num." # mnemonic # " %0, %1 at %s`";
  let arguments = (ins F64:$lhs, F64:$rhs, Py_StateV:$state);
  let results = (outs F64:$result);
  let assemblyFormat = "$lhs `,` $rhs `at` $state attr-dict";
}

class Num_ComplexBinary<string mnemonic, string what, string why> : Num_FailingOp<mnemonic> {
  let summary = what;
  let description = "Leaves " # why # ". Example: `%2 = num." # mnemonic # " %0, %1 at %s`";
  let arguments = (ins Complex<F64>:$lhs, Complex<F64>:$rhs, Py_StateV:$state);
  let results = (outs Complex<F64>:$result);
  let assemblyFormat = "$lhs `,` $rhs `at` $state attr-dict";
}

def Num_AddOp : Num_CheckedBinary<"add", "integer addition">;
def Num_SubOp : Num_CheckedBinary<"sub", "integer subtraction">;
def Num_MulOp : Num_CheckedBinary<"mul", "integer multiplication">;
def Num_FloorDivOp : Num_IntBinary<"floordiv", "integer division, rounded down",
                                   "when the divisor is zero, and on overflow">;
def Num_ModOp : Num_IntBinary<"mod", "integer remainder with the sign of the divisor",
                              "when the divisor is zero">;
def Num_MulModOp : Num_FailingOp<"mulmod"> {
  let summary = "remainder of a product and a sum, however large they are";
  let description = [{
    `(lhs * rhs + addend) % divisor`, with the sign of the divisor. Leaves when the divisor is zero.
    Example: `%4 = num.mulmod %0, %1 plus %2 by %3 at %s`
  }];
  let arguments = (ins I64:$lhs, I64:$rhs, I64:$addend, I64:$divisor, Py_StateV:$state);
  let results = (outs I64:$result);
  let assemblyFormat = "$lhs `,` $rhs `plus` $addend `by` $divisor `at` $state attr-dict";
}
def Num_PowOp : Num_IntBinary<"pow", "integer power",
                              "when the exponent is negative, and on overflow">;
def Num_ShlOp : Num_IntBinary<"shl", "left shift", "when the count is negative, and on overflow">;
def Num_ShrOp : Num_IntBinary<"shr", "arithmetic right shift by any count", "when the count is negative">;

def Num_NegOp : Num_ExitingOp<"neg"> {
  let summary = "integer negation";
  let description = "Leaves on overflow of 64 bits. Example: `%1 = num.neg %0 at %s`";
  let arguments = (ins I64:$operand, Py_StateV:$state, UnitAttr:$nosign, Num_Overflow:$overflow);
  let results = (outs I64:$result);
  let assemblyFormat = "$operand `at` $state attr-dict";
}

def Num_AbsOp : Num_ExitingOp<"abs"> {
  let summary = "absolute value of an integer";
  let description = "Leaves on overflow of 64 bits. Example: `%1 = num.abs %0 at %s`";
  let arguments = (ins I64:$operand, Py_StateV:$state, UnitAttr:$nosign, Num_Overflow:$overflow);
  let results = (outs I64:$result);
  let assemblyFormat = "$operand `at` $state attr-dict";
}

def Num_TrueDivOp : Num_FailingOp<"truediv"> {
  let summary = "true division of integers";
  let description = [{
    Leaves when the divisor is zero, and when an operand is beyond 2**53, where
    the quotient of the two doubles is not always the rounded quotient; with
    `overflow` that case is computed by the runtime.

    Example: `%2 = num.truediv %0, %1 at %s`
  }];
  let arguments = (ins I64:$lhs, I64:$rhs, Py_StateV:$state, UnitAttr:$nosign, Num_Overflow:$overflow);
  let results = (outs F64:$result);
  let assemblyFormat = "$lhs `,` $rhs `at` $state attr-dict";
}

def Num_DivFOp : Num_FloatBinary<"divf", "float division", "when the divisor is zero">;
def Num_FloorDivFOp : Num_FloatBinary<"floordivf", "float division, rounded down", "when the divisor is zero">;
def Num_ModFOp : Num_FloatBinary<"modf", "float remainder with the sign of the divisor", "when the divisor is zero">;
def Num_PowFOp : Num_FloatBinary<"powf", "float power", "where Python raises or yields a complex number">;
def Num_DivCOp : Num_ComplexBinary<"divc", "complex division", "when the divisor is zero">;
def Num_PowCOp : Num_ComplexBinary<"powc", "complex power", "where Python raises">;

def Num_AbsCOp : Num_FailingOp<"absc"> {
  let summary = "absolute value of a complex number";
  let description = "Leaves when the result overflows. Example: `%1 = num.absc %0 at %s`";
  let arguments = (ins Complex<F64>:$operand, Py_StateV:$state);
  let results = (outs F64:$result);
  let assemblyFormat = "$operand `at` $state attr-dict";
}

def Num_FloatToIntOp : Num_FailingOp<"float_to_int"> {
  let summary = "the integer part of a float";
  let description = "Leaves when it is not an integer of 64 bits. Example: `%1 = num.float_to_int %0 at %s`";
  let arguments = (ins F64:$operand, Py_StateV:$state, UnitAttr:$nosign, Num_Overflow:$overflow);
  let results = (outs I64:$result);
  let assemblyFormat = "$operand `at` $state attr-dict";
}

def Num_CmpMixedOp : Num_ExitingOp<"cmp_mixed"> {
  let summary = "comparison of an integer with a float, exact";
  let description = [{
    `predicate` has the numbers of `Py_LT` to `Py_GE`. Leaves when the integer
    is beyond 2**53; with `overflow` the runtime compares.

    Example: `%2 = num.cmp_mixed 0, %i, %f at %s`
  }];
  let arguments = (ins Py_InRange<0, 5>:$predicate, I64:$lhs, F64:$rhs, Py_StateV:$state, UnitAttr:$nosign, Num_Overflow:$overflow);
  let results = (outs I1:$result);
  let assemblyFormat = "$predicate `,` $lhs `,` $rhs `at` $state attr-dict";
}

def Num_RangeLengthOp : Num_FailingOp<"range_length"> {
  let summary = "how many integers a range has";
  let description = [{
    Leaves when the step is zero, and when the range is one that CPython walks
    through with arbitrary integers: its length, or a place one step beyond its
    end, needs more than 64 bits.

    Example: `%n = num.range_length %start, %stop, %step at %s`
  }];
  let arguments = (ins I64:$start, I64:$stop, I64:$step, Py_StateV:$state);
  let results = (outs I64:$result);
  let assemblyFormat = "$start `,` $stop `,` $step `at` $state attr-dict";
}

def Num_IndexOp : Num_FailingOp<"index"> {
  let summary = "an index from the front";
  let description = [{
    A negative index counts from the end. Leaves when the index is out of
    bounds, unless that is not checked; `reason` is what it says then.

    Example: `%k = num.index %i in %n at %s`
  }];
  let arguments = (ins I64:$index, I64:$length, Py_StateV:$state, UnitAttr:$unchecked,
                       OptionalAttr<StrAttr>:$reason);
  let results = (outs I64:$result);
  let assemblyFormat = "$index `in` $length `at` $state attr-dict";
}

def Num_QuietOp : Num_Op<"quiet"> {
  let summary = "leave where a float operation overflowed or is invalid";
  let description = [{
    NumPy warns when `value` overflowed or is invalid: when it is infinite and
    none of the inputs is, or not a number and none of the inputs is. A function
    of Python raises by the same rule, which its `reason` says.

    Example: `num.quiet %2 from (%0, %1) at %s`
  }];
  let arguments = (ins F64:$value, Variadic<F64>:$inputs, Py_StateV:$state, OptionalAttr<StrAttr>:$reason);
  let assemblyFormat = "$value `from` `(` $inputs `)` `at` $state attr-dict";
  let exits = 1;
}

def Num_KeepOp : Num_Op<"keep"> {
  let summary = "remember what a strip is going to overwrite";
  let description = [{
    Copies `count` elements of `size` bytes, the first at `address` and each
    `stride` bytes behind the one before, to a buffer of the runtime. There are a
    few buffers, by their number, for `stepwell_abi::KEPT` elements each.

    Example: `num.keep 0 %count of 8 at %address by %stride`
  }];
  let arguments = (ins Py_IndexAttr:$buffer, I64:$count, Py_IndexAttr:$size, I64:$address, I64:$stride);
  let assemblyFormat = "$buffer $count `of` $size `at` $address `by` $stride attr-dict";
}

def Num_RestoreOp : Num_Op<"restore"> {
  let summary = "put back what a strip has overwritten";
  let description = [{
    Copies back what the `num.keep` with the same operands has copied.

    Example: `num.restore 0 %count of 8 at %address by %stride`
  }];
  let arguments = (ins Py_IndexAttr:$buffer, I64:$count, Py_IndexAttr:$size, I64:$address, I64:$stride);
  let assemblyFormat = "$buffer $count `of` $size `at` $address `by` $stride attr-dict";
}

def Num_GuardOp : Num_Op<"guard"> {
  let summary = "leave compiled code unless a condition holds";
  let description = [{
    With `raises`, leave with that exception, as `py.exit` does.

    Example: `num.guard %ok at %s "overflow"`,
    `num.guard %ok at %s "the result needs more than 32 bits" raises "OverflowError"`
  }];
  let arguments = (ins I1:$condition, Py_StateV:$state, StrAttr:$reason, OptionalAttr<StrAttr>:$raises);
  let assemblyFormat = "$condition `at` $state $reason (`raises` $raises^)? attr-dict";
  let exits = 1;
}

def Num_FitOp : Num_Op<"fit"> {
  let summary = "an integer in the width of the mode";
  let description = [{
    The signed integer of `bits` bits; `overflow` says what happens to one that
    needs more.

    Example: `%1 = num.fit %0 to 32 at %s {overflow = "raise"}`
  }];
  let arguments = (ins I64:$operand, Py_InRange<1, 64>:$bits, Py_StateV:$state, Num_Overflow:$overflow);
  let results = (outs I64:$result);
  let assemblyFormat = "$operand `to` $bits `at` $state attr-dict";
  let exits = 1;
}

def Num_CallOp : Num_Op<"call"> {
  let summary = "a function of a module of the standard library, on numbers";
  let description = [{
    `function` is its full name, such as `math.sin` or `builtins.round`. Leaves
    where the function raises, and where it has no native answer. A function that
    returns a tuple of numbers has a result for each; one that takes tuples has
    their lengths in the attribute `tuples`, and their items are its inputs.

    Example: `%2 = num.call "math.hypot"(%0, %1) at %s : (f64, f64) -> f64`,
    `%3:2 = num.call "math.frexp"(%0) at %s : (f64) -> f64, i64`
  }];
  let arguments = (ins StrAttr:$function, Variadic<Py_Native>:$inputs, Py_StateV:$state);
  let results = (outs Variadic<Py_Native>:$results);
  let assemblyFormat = [{
    $function `(` $inputs `)` `at` $state attr-dict `:` `(` type($inputs) `)` `->` type($results)
  }];
  let exits = 1;
}

def Num_AssumeOp : Num_Op<"assume"> {
  let summary = "leave unless a name still means what it did at compile time";
  let description = [{
    `name` is a global of the function, with the attribute of a module behind a
    dot if it is one.

    Example: `num.assume "math.sin" at %s`
  }];
  let arguments = (ins StrAttr:$name, Py_StateV:$state);
  let assemblyFormat = "$name `at` $state attr-dict";
  let exits = 1;
}

def Num_ChooseOp : Num_Op<"choose", [Pure, PredOpTrait<"all items have the type of the result",
    CPred<[{::llvm::all_of($_op.getOperands().drop_front(), [&](::mlir::Value item) {
      return item.getType() == $_op.getResult(0).getType();
    })}]>>]> {
  let summary = "one of several numbers";
  let description = [{
    The item at the place `index`, which is one of them, counted from zero.

    Example: `%4 = num.choose %i of (%0, %1, %2) : (f64, f64, f64) -> f64`
  }];
  let arguments = (ins I64:$index, Variadic<Py_Native>:$items);
  let results = (outs Py_Native:$result);
  let assemblyFormat = "$index `of` `(` $items `)` attr-dict `:` `(` type($items) `)` `->` type($result)";
}

def Num_PackOp : Num_Op<"pack", [Pure]> {
  let summary = "a record of its parts";
  let description = "An address may be given as an integer. Example: `%2 = num.pack %0, %1 : (i64, f64) -> !llvm.struct<(i64, f64)>`";
  let arguments = (ins Variadic<AnyType>:$parts);
  let results = (outs Py_Record:$result);
  let assemblyFormat = "$parts attr-dict `:` `(` type($parts) `)` `->` type($result)";
}

def Num_PartOp : Num_Op<"part", [Pure]> {
  let summary = "a part of a record";
  let description = "Example: `%1 = num.part %0, 1 : !llvm.struct<(i64, f64)> -> f64`";
  let arguments = (ins Py_Record:$record, Py_IndexAttr:$index);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$record `,` $index attr-dict `:` type($record) `->` type($result)";
}

def Num_LoadOp : Num_Op<"load"> {
  let summary = "read an element of the memory behind an address";
  let description = [{
    `pointer` is an address and a length in elements, which is negative when it
    is not known; where it is, an index outside raises IndexError.

    Example: `%1 = num.load %p[%i] at %s : !llvm.struct<(ptr, i64)>`
  }];
  let arguments = (ins Py_Record:$pointer, I64:$index, Py_StateV:$state, UnitAttr:$unchecked);
  let results = (outs F64:$result);
  let assemblyFormat = "$pointer `[` $index `]` `at` $state attr-dict `:` type($pointer)";
  let exits = 1;
}

def Num_OffsetOp : Num_Op<"offset"> {
  let summary = "an address so many elements further on";
  let description = [{
    Where the length is known, an address outside raises IndexError.

    Example: `%1 = num.offset %p, %n at %s : !llvm.struct<(ptr, i64)> -> !llvm.struct<(ptr, i64)>`
  }];
  let arguments = (ins Py_Record:$pointer, I64:$count, Py_StateV:$state, UnitAttr:$unchecked);
  let results = (outs Py_Record:$result);
  let assemblyFormat = "$pointer `,` $count `at` $state attr-dict `:` type($pointer) `->` type($result)";
  let exits = 1;
}

def Num_StoreOp : Num_Op<"store"> {
  let summary = "write an element of the memory behind an address";
  let description = "See `num.load`. Example: `num.store %v, %p[%i] at %s : !llvm.struct<(ptr, i64)>`";
  let arguments = (ins F64:$value, Py_Record:$pointer, I64:$index, Py_StateV:$state, UnitAttr:$unchecked);
  let assemblyFormat = "$value `,` $pointer `[` $index `]` `at` $state attr-dict `:` type($pointer)";
  let exits = 1;
}

#endif

//===- PyArrays.td - elements of arrays, scalars of NumPy -----------------===//

#ifndef STEPWELL_PY_ARRAYS
#define STEPWELL_PY_ARRAYS

include "PyBase.td"

def Py_DescribeOp : Py_Op<"describe", [MemoryEffects<[MemRead]>]> {
  let summary = "where the elements of an array are";
  let description = [{
    `ok` tells whether the object is an array of the type `array`. The other
    results are the address of its first element, its shape and, unless it is
    contiguous, the distances in bytes between neighbours along each axis. They
    hold until Python code runs that could change the array in place, and
    without `ok` they are arbitrary.

    Example: `%ok, %f:3 = py.describe %a as "ndarray<f64, 1>" : i64, i64, i64`
  }];
  let arguments = (ins Py_ObjectV:$object, StrAttr:$array);
  let results = (outs I1:$ok, Variadic<I64>:$fields);
  let assemblyFormat = "$object `as` $array attr-dict `:` type($fields)";
}

def Py_ConfirmOp : Py_Op<"confirm"> {
  let summary = "leave unless an array is still what it was";
  let description = [{
    Behind Python code that could have changed the array in place: its
    `py.describe` would yield the same again.

    Example: `py.confirm %a as "ndarray<f64, 1, contiguous>" is (%data, %n) at %s`
  }];
  let arguments = (ins Py_ObjectV:$object, StrAttr:$array, Variadic<I64>:$fields, Py_StateV:$state);
  let assemblyFormat = "$object `as` $array `is` `(` $fields `)` `at` $state attr-dict";
  let exits = 1;
}

def Py_ElementOp : Py_Op<"element", [MemoryEffects<[MemRead]>]> {
  let summary = "read an element of an array";
  let description = [{
    The element `offset` bytes behind the address `data`. `array` keeps the
    memory alive. An element narrower than a number is widened.

    Example: `%1 = py.element %a, %data[%offset] as "f32" : f64`
  }];
  let arguments = (ins Py_ObjectV:$array, I64:$data, I64:$offset, StrAttr:$element);
  let results = (outs Py_Native:$result);
  let assemblyFormat = "$array `,` $data `[` $offset `]` `as` $element attr-dict `:` type($result)";
}

def Py_SetElementOp : Py_Op<"set_element", [MemoryEffects<[MemWrite]>]> {
  let summary = "write an element of an array";
  let description = [{
    See `py.element`. The value is one that the element can hold, but for a
    float that is rounded.

    Example: `py.set_element %v, %a, %data[%offset] as "f32" : f64`
  }];
  let arguments = (ins Py_Native:$value, Py_ObjectV:$array, I64:$data, I64:$offset, StrAttr:$element);
  let assemblyFormat = "$value `,` $array `,` $data `[` $offset `]` `as` $element attr-dict `:` type($value)";
}

def Py_ReadScalarOp : Py_Op<"read_scalar", [MemoryEffects<[MemRead]>]> {
  let summary = "the native value of a scalar of NumPy";
  let description = [{
    `ok` tells whether the object is a scalar of NumPy of the type `element`;
    without it the value is arbitrary.

    Example: `%ok, %x = py.read_scalar %v as "f64" : f64`
  }];
  let arguments = (ins Py_ObjectV:$object, StrAttr:$element);
  let results = (outs I1:$ok, Py_Native:$value);
  let assemblyFormat = "$object `as` $element attr-dict `:` type($value)";
}

def Py_BoxNumpyOp : Py_Op<"box_numpy", [Pure]> {
  let summary = "the object of a native value that may be a scalar of NumPy";
  let description = [{
    Null when `bound` is false; the scalar of NumPy with the type `element` when
    `scalar` is true, else what `py.box` makes.

    Example: `%1 = py.box_numpy %0 as "f64" if %bound, %scalar : f64`
  }];
  let arguments = (ins Py_Native:$value, StrAttr:$element, I1:$bound, I1:$scalar);
  let results = (outs Py_ObjectV:$result);
  let assemblyFormat = "$value `as` $element `if` $bound `,` $scalar attr-dict `:` type($value)";
  let nullable = 1;
}

#endif

//===- PyEnums.td - enumerations with CPython's own numbers ---------------===//

#ifndef STEPWELL_PY_ENUMS
#define STEPWELL_PY_ENUMS

include "PyBase.td"

class Py_Enum<string name, string text, list<I32EnumAttrCase> cases> : I32EnumAttr<name, text, cases> {
  let cppNamespace = "::stepwell::py";
}

def Py_BinaryKind : Py_Enum<"BinaryKind", "operator of BINARY_OP, with its number", [
  I32EnumAttrCase<"Add", 0, "add">, I32EnumAttrCase<"And", 1, "and">,
  I32EnumAttrCase<"FloorDivide", 2, "floor_divide">, I32EnumAttrCase<"Lshift", 3, "lshift">,
  I32EnumAttrCase<"MatrixMultiply", 4, "matrix_multiply">, I32EnumAttrCase<"Multiply", 5, "multiply">,
  I32EnumAttrCase<"Remainder", 6, "remainder">, I32EnumAttrCase<"Or", 7, "or">,
  I32EnumAttrCase<"Power", 8, "power">, I32EnumAttrCase<"Rshift", 9, "rshift">,
  I32EnumAttrCase<"Subtract", 10, "subtract">, I32EnumAttrCase<"TrueDivide", 11, "true_divide">,
  I32EnumAttrCase<"Xor", 12, "xor">, I32EnumAttrCase<"InplaceAdd", 13, "inplace_add">,
  I32EnumAttrCase<"InplaceAnd", 14, "inplace_and">,
  I32EnumAttrCase<"InplaceFloorDivide", 15, "inplace_floor_divide">,
  I32EnumAttrCase<"InplaceLshift", 16, "inplace_lshift">,
  I32EnumAttrCase<"InplaceMatrixMultiply", 17, "inplace_matrix_multiply">,
  I32EnumAttrCase<"InplaceMultiply", 18, "inplace_multiply">,
  I32EnumAttrCase<"InplaceRemainder", 19, "inplace_remainder">,
  I32EnumAttrCase<"InplaceOr", 20, "inplace_or">, I32EnumAttrCase<"InplacePower", 21, "inplace_power">,
  I32EnumAttrCase<"InplaceRshift", 22, "inplace_rshift">,
  I32EnumAttrCase<"InplaceSubtract", 23, "inplace_subtract">,
  I32EnumAttrCase<"InplaceTrueDivide", 24, "inplace_true_divide">,
  I32EnumAttrCase<"InplaceXor", 25, "inplace_xor">]>;

def Py_UnaryKind : Py_Enum<"UnaryKind", "unary operator", [
  I32EnumAttrCase<"Negative", 0, "negative">, I32EnumAttrCase<"Invert", 1, "invert">]>;

def Py_CompareKind : Py_Enum<"CompareKind", "rich comparison, with Py_LT's numbers", [
  I32EnumAttrCase<"Lt", 0, "lt">, I32EnumAttrCase<"Le", 1, "le">, I32EnumAttrCase<"Eq", 2, "eq">,
  I32EnumAttrCase<"Ne", 3, "ne">, I32EnumAttrCase<"Gt", 4, "gt">, I32EnumAttrCase<"Ge", 5, "ge">]>;

def Py_ConversionKind : Py_Enum<"ConversionKind", "conversion of an f-string field", [
  I32EnumAttrCase<"Str", 1, "str">, I32EnumAttrCase<"Repr", 2, "repr">,
  I32EnumAttrCase<"Ascii", 3, "ascii">]>;

#endif

//===- PySequences.td - numbers in lists and tuples ------------------------===//

#ifndef STEPWELL_PY_SEQUENCES
#define STEPWELL_PY_SEQUENCES

include "PyBase.td"

// A list alone, a list or a tuple.
def Py_SequenceKind : ConfinedAttr<StrAttr, [AttrConstraint<CPred<[{
  ::llvm::is_contained({"list", "sequence"}, ::llvm::cast<::mlir::StringAttr>($_self).getValue())
}]>, "is 'list' or 'sequence'">]>;

def Py_SequenceOp : Py_Op<"sequence", [MemoryEffects<[MemRead]>]> {
  let summary = "where the items of a list or tuple are";
  let description = [{
    `ok` tells whether the object is exactly a list, or for the kind `sequence`
    a tuple. `items` is the address of its first item, `length` their number.
    They hold until Python code runs or an item is added or removed; without
    `ok` they are zero. The object may be null.

    Example: `%ok, %items, %n = py.sequence %x as "list"`
  }];
  let arguments = (ins Py_ObjectV:$object, Py_SequenceKind:$kind);
  let results = (outs I1:$ok, I64:$items, I64:$length);
  let assemblyFormat = "$object `as` $kind attr-dict";
}

def Py_ConfirmSequenceOp : Py_Op<"confirm_sequence"> {
  let summary = "leave unless the items of a sequence are where they were";
  let description = [{
    Behind Python code that could have changed the sequence: its `py.sequence`
    would yield the same again.

    Example: `py.confirm_sequence %x as "list" is (%ok, %items, %n) at %s`
  }];
  let arguments = (ins Py_ObjectV:$object, Py_SequenceKind:$kind, I1:$ok, I64:$items, I64:$length,
                       Py_StateV:$state);
  let assemblyFormat = [{
    $object `as` $kind `is` `(` $ok `,` $items `,` $length `)` `at` $state attr-dict
  }];
  let exits = 1;
}

def Py_ReadItemOp : Py_Op<"read_item", [MemoryEffects<[MemRead]>]> {
  let summary = "read a number from a sequence";
  let description = [{
    `ok` tells whether the item is exactly a number of that type; without it
    `value` is arbitrary. `object` keeps the items alive.

    Example: `%ok, %1 = py.read_item %x, %items[%i] : f64`
  }];
  let arguments = (ins Py_ObjectV:$object, I64:$items, I64:$index);
  let results = (outs I1:$ok, Py_Native:$value);
  let assemblyFormat = "$object `,` $items `[` $index `]` attr-dict `:` type($value)";
}

def Py_LoadItemOp : Py_Op<"load_item", [MemoryEffects<[MemRead]>]> {
  let summary = "read an object from a sequence";
  let description = [{
    See `py.read_item`. With the attribute `py.borrowed` the result is used only
    while the sequence has it, and is no new reference.

    Example: `%1 = py.load_item %x, %items[%i]`
  }];
  let arguments = (ins Py_ObjectV:$object, I64:$items, I64:$index);
  let results = (outs Py_ObjectV:$result);
  let assemblyFormat = "$object `,` $items `[` $index `]` attr-dict";
}

def Py_NextItemOp : Py_Op<"next_item", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "the next number of an iterator over a list or tuple";
  let description = [{
    `ok` tells whether there is a next item and it is exactly a number of the
    type, `value`; the iterator is behind it then. `ended` tells whether the
    iterator is at its end. With neither, something else is to be done, and
    nothing was done. Runs no Python code.

    Example: `%ok, %ended, %1 = py.next_item %it : f64`
  }];
  let arguments = (ins Py_ObjectV:$iterator);
  let results = (outs I1:$ok, I1:$ended, Py_Native:$value);
  let assemblyFormat = "$iterator attr-dict `:` type($value)";
}

def Py_WriteItemOp : Py_Op<"write_item", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "write a number into a list";
  let description = [{
    `ok` tells whether that was possible without running Python code: the item
    that was there must not be one whose end somebody could notice. Without it
    nothing was done. An item that belongs to the list alone may be written in
    place.

    Example: `%ok = py.write_item %v, %x, %items[%i] : f64`
  }];
  let arguments = (ins Py_Native:$value, Py_ObjectV:$object, I64:$items, I64:$index);
  let results = (outs I1:$ok);
  let assemblyFormat = "$value `,` $object `,` $items `[` $index `]` attr-dict `:` type($value)";
}

#endif

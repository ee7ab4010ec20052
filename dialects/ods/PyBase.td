//===- PyBase.td - the py dialect, its types and its op classes -----------===//

#ifndef STEPWELL_PY_BASE
#define STEPWELL_PY_BASE

include "mlir/IR/OpBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "Ownership.td"

def Py_Dialect : Dialect {
  let name = "py";
  let cppNamespace = "::stepwell::py";
  let summary = "Python semantics in SSA form";
  let description = [{
    Objects, attributes, calls, containers, iteration, exceptions, closures,
    imports and pattern matching, as CPython's bytecode has them, on SSA values.

    Three facts are explicit in every function of this dialect:

    - *Locals.* A local is an SSA value. Assigning it is also `py.store_local`,
      because the interpreter's frame owns the object and others can look at it.
    - *Frame states.* An op that can raise, leave compiled code or run arbitrary
      Python takes a `!py.state`: the bytecode offset, the locals and the
      evaluation stack in front of its instruction. The interpreter can go on
      from there.
    - *Exception edges.* A raising op outside any handler leaves the function
      when it fails. Under a handler it has the result `raised`, and the
      `cf.cond_br` behind it is the edge.

    A body is a `func.func` that returns one `!py.object` by `func.return`. Its
    block arguments are the parameters, in the order of their slots, the frame
    owns them. Its attributes are `py.qualname` and `py.kind` (strings; the kind
    is `function`, `generator`, `coroutine` or `async_generator`), `py.locals`
    (the names of all slots of `localsplus`, an array of strings) and
    `py.argcount` (`i32`, how many slots are parameters). For inference it also
    has `py.param_types` (an array of types, one for each parameter) and
    `py.mode`, and perhaps `py.this` (a string: the global of that name holds
    the function itself) and `py.elide` (a call needs no frame unless somebody
    can see it). The body of a generator or coroutine has no parameters: it is a
    step that begins behind RETURN_GENERATOR, at the offset `py.start` (`i32`),
    reads its locals with `py.load_local`, and ends with `state.return`.
  }];
  let useDefaultTypePrinterParser = 1;
}

class Py_Type<string cppClass, string keyword, string text> : TypeDef<Py_Dialect, cppClass> {
  let mnemonic = keyword;
  let summary = text;
}

def Py_Object : Py_Type<"Object", "object", "a reference to a Python object, or null"> {
  let description = [{
    A `PyObject *`. Null stands for an unbound local and for the empty self of
    a plain call. Who owns the reference is a property of the op that made the
    value (`ownership` in ODS); pass `insert-refcounts` acts on it.

    Example: `!py.object`
  }];
}

def Py_State : Py_Type<"State", "state", "where the interpreter can go on"> {
  let description = [{
    The value of `py.frame_state`. It never exists at run time.

    Example: `!py.state`
  }];
}

def Py_ObjectV : Type<CPred<"::llvm::isa<::stepwell::py::ObjectType>($_self)">,
                      "Python object", "::stepwell::py::ObjectType">,
                 BuildableType<"$_builder.getType<::stepwell::py::ObjectType>()">;
def Py_StateV : Type<CPred<"::llvm::isa<::stepwell::py::StateType>($_self)">,
                     "frame state", "::stepwell::py::StateType">,
                BuildableType<"$_builder.getType<::stepwell::py::StateType>()">;

// A native value that consists of parts, such as one that may be None, or an address with a length.
def Py_Record : Type<CPred<"$_self.getAbstractType().getName() == \"llvm.struct\"">,
                     "record of the LLVM dialect">;
// The lanes of a mode with vectors, and what their comparison yields.
def Py_Lanes : VectorOfRankAndType<[1], [F32, I32, I1]>;

// What a local can be once types are inferred.
def Py_Native : AnyTypeOf<[I1, I64, F64, Complex<F64>, Py_Lanes, Py_Record], "native value">;
def Py_Value : AnyTypeOf<[Py_ObjectV, I1, I64, F64, Complex<F64>, Py_Lanes, Py_Record], "Python value">;

class Py_Op<string mnemonic, list<Trait> traits = []>
    : Op<Py_Dialect, mnemonic, traits>, Ownership;

// A place in a table of the code object.
def Py_IndexAttr : ConfinedAttr<I32Attr, [IntNonNegative]>;

class Py_InRange<int minimum, int maximum>
    : ConfinedAttr<I32Attr, [IntMinValue<minimum>, IntMaxValue<maximum>]>;

// The result `raised` is an edge and nothing else, so that no pass has to follow it as a value.
def Py_RaisedIsAnEdge : PredOpTrait<"'raised' is used by nothing but cf.cond_br", CPred<[{
  !getRaised() || ::llvm::all_of(getRaised().getUsers(), [](::mlir::Operation *user) {
    return user->getName().getStringRef() == "cf.cond_br";
  })
}]>>;

// Can fail: sets the exception, adds the traceback entry. May run any Python.
class Py_RaisingOp<string mnemonic, list<Trait> traits = []>
    : Py_Op<mnemonic, !listconcat(traits, [Py_RaisedIsAnEdge])> {
  let raises = 1;
  let observes = 1;
}

// Can fail, but runs no Python of its own (it allocates or it checks).
class Py_CheckingOp<string mnemonic, list<Trait> traits = []>
    : Py_Op<mnemonic, !listconcat(traits, [Py_RaisedIsAnEdge])> {
  let raises = 1;
}

#endif

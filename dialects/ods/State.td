//===- State.td - suspension points and the state machine -----------------===//

#ifndef STEPWELL_STATE
#define STEPWELL_STATE

include "mlir/IR/OpBase.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "PyBase.td"

def State_Dialect : Dialect {
  let name = "state";
  let cppNamespace = "::stepwell::state";
  let summary = "Generators and coroutines with explicit suspension points";
  let description = [{
    A generator or coroutine is a *step function*: it starts at the instruction
    where the frame is suspended, runs to the next suspension and returns. The
    frame at a suspension is in the interpreter's own form, so that the
    interpreter can resume it as well (it does so for `throw` and `close`).

    The frontend writes `state.yield`, where the value sent in is the result.
    Pass `expand-state` splits the function there: `state.suspend` ends the step,
    and `state.dispatch` at the entry goes to where the frame stands.
  }];
  let dependentDialects = ["::stepwell::py::PyDialect"];
}

class State_Op<string mnemonic, list<Trait> traits = []> : Op<State_Dialect, mnemonic, traits>, Ownership;

def State_SentOp : State_Op<"sent"> {
  let summary = "the value sent to the generator in this step";
  let description = "Example: `%v = state.sent`";
  let results = (outs Py_ObjectV:$result);
  let assemblyFormat = "attr-dict";
}

def State_YieldOp : State_Op<"yield"> {
  let summary = "YIELD_VALUE: hand out a value, go on with the value sent in";
  let description = [{
    `state` is that of the instruction to resume at, without the value sent in,
    which the resumption pushes. `delegating` in `yield from` and `await`, where
    others look for the receiver at the top of the stack.

    Example: `%sent = state.yield %v at %s`
  }];
  let arguments = (ins Py_ObjectV:$value, UnitAttr:$delegating, Py_StateV:$state);
  let results = (outs Py_ObjectV:$sent);
  let assemblyFormat = "(`delegating` $delegating^)? $value `at` $state attr-dict";
  let observes = 1;
  let steals = ["value"];
}

def State_SuspendOp : State_Op<"suspend", [Terminator]> {
  let summary = "end the step at a suspension";
  let description = "Writes `state` into the frame and yields `value`. Example: `state.suspend %v at %s`";
  let arguments = (ins Py_ObjectV:$value, UnitAttr:$delegating, Py_StateV:$state);
  let assemblyFormat = "(`delegating` $delegating^)? $value `at` $state attr-dict";
  let steals = ["value"];
  let observes = 1;
}

def State_ReturnOp : State_Op<"return", [Terminator]> {
  let summary = "end the last step";
  let description = "The generator is finished, with `value` as its result. Example: `state.return %v`";
  let arguments = (ins Py_ObjectV:$value);
  let assemblyFormat = "$value attr-dict";
  let steals = ["value"];
}

def State_DispatchOp : State_Op<"dispatch", [Terminator,
  PredOpTrait<"there are as many offsets as targets", CPred<"getOffsets().size() == getTargets().size()">>]> {
  let summary = "go to where the frame is suspended";
  let description = [{
    `offsets[i]` is the bytecode offset that `targets[i]` resumes at. A frame
    that stands anywhere else is left to the interpreter.

    Example: `state.dispatch [4, 24] ^start, ^after_yield`
  }];
  let arguments = (ins DenseI32ArrayAttr:$offsets);
  let successors = (successor VariadicSuccessor<AnySuccessor>:$targets);
  let assemblyFormat = "$offsets $targets attr-dict";
}

def State_LoadStackOp : State_Op<"load_stack"> {
  let summary = "take a temporary from the stack of the resumed frame";
  let description = [{
    `index` counts from the bottom of the evaluation stack. The reference moves
    out of the frame.

    Example: `%it = state.load_stack 0`
  }];
  let arguments = (ins Py_IndexAttr:$index);
  let results = (outs Py_ObjectV:$result);
  let assemblyFormat = "$index attr-dict";
  let nullable = 1;
}

def State_AdoptOp : State_Op<"adopt"> {
  let summary = "whether a new generator may run inside the function that made it";
  let description = [{
    True when `generator` is a generator that has not begun, runs the code of the
    function called `code`, and has no more than `references` references: nobody
    can see that its body runs elsewhere. Nothing is parked in `group` then.

    Example: `%ok = state.adopt 0 %g, "numbers", 1`
  }];
  let arguments = (ins Py_IndexAttr:$group, Py_ObjectV:$generator, StrAttr:$code, Py_IndexAttr:$references);
  let results = (outs I1:$result);
  let assemblyFormat = "$group $generator `,` $code `,` $references attr-dict";
}

def State_ParkOp : State_Op<"park", [SameVariadicOperandSize]> {
  let summary = "remember where adopted generators are suspended";
  let description = [{
    Each state is that of the generator in front of it, with its locals at the
    bottom of the stack and its own evaluation stack above. It is written into the
    generator's frame when the function is left while it iterates: the interpreter
    goes on there, so what has been computed since is computed again.

    Example: `state.park 0 %g at %s`
  }];
  let arguments = (ins Py_IndexAttr:$group, Variadic<Py_ObjectV>:$generators, Variadic<Py_StateV>:$states);
  let assemblyFormat = "$group $generators `at` $states attr-dict";
}

#endif

//===- PyControl.td - iteration, exceptions, leaving -----------------------===//

#ifndef STEPWELL_PY_CONTROL
#define STEPWELL_PY_CONTROL

include "PyBase.td"


def Py_GetIterOp : Py_RaisingOp<"get_iter"> {
  let summary = "GET_ITER";
  let description = [{
    Example: `%it = py.get_iter %0 at %s`
  }];
  let arguments = (ins Py_ObjectV:$iterable, Py_StateV:$state);
  let results = (outs Py_ObjectV:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ $iterable `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_GetYieldFromIterOp : Py_RaisingOp<"get_yield_from_iter"> {
  let summary = "GET_YIELD_FROM_ITER";
  let description = [{
    Example: `%it = py.get_yield_from_iter %0 at %s`
  }];
  let arguments = (ins Py_ObjectV:$iterable, Py_StateV:$state);
  let results = (outs Py_ObjectV:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ $iterable `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_ForIterOp : Py_RaisingOp<"for_iter"> {
  let summary = "FOR_ITER";
  let description = [{
    The next item; `exhausted` is true, and `value` null, at the end. With `holding`
    no Python code runs until the next one is asked for or the function is left, so
    that generators which delegate to others can stay as they are meanwhile.

    Example: `%v, %end = py.for_iter %it at %s`
  }];
  let arguments = (ins UnitAttr:$holding, Py_ObjectV:$iterator, Py_StateV:$state);
  let results = (outs Py_ObjectV:$value, I1:$exhausted, Optional<I1>:$raised);
  let assemblyFormat = [{ (`holding` $holding^)? $iterator `at` $state attr-dict (`catch` type($raised)^)? }];
  let nullable = 1;
}

def Py_PollOp : Py_RaisingOp<"poll"> {
  let summary = "look at the eval breaker";
  let description = [{
    Signals, other threads, pending calls, asynchronous exceptions. Leaves to the interpreter when
    monitoring was switched on.

    Example: `py.poll at %s`
  }];
  let arguments = (ins Py_StateV:$state);
  let results = (outs Optional<I1>:$raised);
  let assemblyFormat = [{ `at` $state attr-dict (`catch` type($raised)^)? }];
  let exits = 1;
}

def Py_BreakerSetOp : Py_Op<"breaker_set"> {
  let summary = "whether a poll would find anything to do";
  let description = [{
    Compares the eval breaker with the instrumentation version of the code.

    Example: `%1 = py.breaker_set`
  }];
  let results = (outs I1:$result);
  let assemblyFormat = "attr-dict";
}

def Py_IsColdOp : Py_Op<"is_cold"> {
  let summary = "count a way around a loop of baseline code, which is to run a few times only";
  let description = [{
    False once calls and loops together have gone around so often that better code is worth its
    compilation.

    Example: `%1 = py.is_cold`
  }];
  let results = (outs I1:$result);
  let assemblyFormat = "attr-dict";
}

def Py_NoteOp : Py_Op<"note"> {
  let summary = "remember what kind of value an instruction of baseline code met";
  let description = [{
    `offset` is that of the instruction, `value` its result `number`, and `source`
    what that was taken from or who made it. Better code guesses from what was noted.

    Example: `py.note 24, 0 %item from %list`
  }];
  let arguments = (ins Py_IndexAttr:$offset, Py_IndexAttr:$number, Py_ObjectV:$value, Py_ObjectV:$source);
  let assemblyFormat = "$offset `,` $number $value `from` $source attr-dict";
}

def Py_CheckFrameOp : Py_Op<"check_frame"> {
  let summary = "look whether the frame is still compiled code's alone";
  let description = [{
    Stands behind what could have changed that. Leaves to the interpreter when somebody has written to
    the frame's locals through `f_locals`, or has started to trace, profile or monitor.

    Example: `py.check_frame at %s`
  }];
  let arguments = (ins Py_StateV:$state);
  let assemblyFormat = "`at` $state attr-dict";
  let exits = 1;
}

def Py_FrameChangedOp : Py_Op<"frame_changed"> {
  let summary = "whether the interpreter has to go on with this frame";
  let description = [{
    What `py.check_frame` asks: compares the eval breaker, apart from pending work, with the
    instrumentation version of the code.

    Example: `%1 = py.frame_changed`
  }];
  let results = (outs I1:$result);
  let assemblyFormat = "attr-dict";
}

def Py_TryPollOp : Py_RaisingOp<"try_poll"> {
  let summary = "py.poll whose exit is a value";
  let description = [{
    `left` tells that monitoring was switched on: the interpreter has to go on.

    Example: `%left, %raised = py.try_poll at %s catch i1`
  }];
  let arguments = (ins Py_StateV:$state);
  let results = (outs I1:$left, Optional<I1>:$raised);
  let assemblyFormat = [{ `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_ExitOp : Py_Op<"exit", [Terminator]> {
  let summary = "go on in the interpreter";
  let description = [{
    A counted exit, with its reason. With `slots`, the locals of the state are those that have to be
    written to the frame, and `slots` says where each of them goes; without, they are all locals in order.
    With `raises` the interpreter does not go on with the instruction, but with that exception, which has
    the reason for its message: in modes whose arithmetic is not Python's.

    Example: `py.exit %s "GET_ANEXT is not lifted"`, `py.exit %s "not a float" slots [2, 5]`,
    `py.exit %s "the result needs more than 32 bits" raises "OverflowError"`
  }];
  let arguments = (ins Py_StateV:$state, StrAttr:$reason, OptionalAttr<StrAttr>:$raises, OptionalAttr<DenseI32ArrayAttr>:$slots);
  let assemblyFormat = [{ $state $reason (`raises` $raises^)? (`slots` $slots^)? attr-dict }];
  let exits = 1;
  let observes = 1;
}

def Py_RaiseOp : Py_RaisingOp<"raise"> {
  let summary = "RAISE_VARARGS";
  let description = [{
    Always fails. Null for what is not given: `raise` alone re-raises the handled exception. Adds
    the traceback entry, except to an exception that `raise` alone raises again.

    Example: `py.raise %e, %cause at %s`
  }];
  let arguments = (ins Py_ObjectV:$exception, Py_ObjectV:$cause, Py_StateV:$state);
  let results = (outs Optional<I1>:$raised);
  let assemblyFormat = [{ $exception `,` $cause `at` $state attr-dict (`catch` type($raised)^)? }];
  let traces = 1;
}

def Py_ReraiseOp : Py_CheckingOp<"reraise"> {
  let summary = "RERAISE";
  let description = [{
    Makes the exception the pending one again and always fails; no traceback entry is added. With
    `lasti` (an `int` object on the stack, else null) the position of the original instruction is
    restored.

    Example: `py.reraise %e, %lasti at %s`
  }];
  let arguments = (ins Py_ObjectV:$exception, Py_ObjectV:$lasti, Py_StateV:$state);
  let results = (outs Optional<I1>:$raised);
  let assemblyFormat = [{ $exception `,` $lasti `at` $state attr-dict (`catch` type($raised)^)? }];
  let steals = ["exception"];
  let traces = 1;
}

def Py_PropagateOp : Py_Op<"propagate", [Terminator]> {
  let summary = "leave the function with the pending exception";
  let description = [{
    Example: `py.propagate`
  }];
  let assemblyFormat = [{ attr-dict }];
}

def Py_TracebackOp : Py_Op<"traceback"> {
  let summary = "add the entry of this frame to the traceback of the pending exception";
  let description = [{
    First op on the edge of a failure, before anything can look at the exception.

    Example: `py.traceback`
  }];
  let assemblyFormat = [{ attr-dict }];
}

def Py_FetchExceptionOp : Py_Op<"fetch_exception"> {
  let summary = "take the pending exception";
  let description = [{
    First op of every handler.

    Example: `%e = py.fetch_exception`
  }];
  let results = (outs Py_ObjectV:$result);
  let assemblyFormat = [{ attr-dict }];
}

def Py_PushExcInfoOp : Py_Op<"push_exc_info"> {
  let summary = "PUSH_EXC_INFO";
  let description = [{
    Makes the exception the handled one; yields the one handled so far, or None.

    Example: `%prev = py.push_exc_info %e`
  }];
  let arguments = (ins Py_ObjectV:$exception);
  let results = (outs Py_ObjectV:$previous);
  let assemblyFormat = [{ $exception attr-dict }];
}

def Py_PopExceptOp : Py_Op<"pop_except"> {
  let summary = "POP_EXCEPT";
  let description = [{
    Makes `previous` the handled exception again, and takes it over.

    Example: `py.pop_except %prev`
  }];
  let arguments = (ins Py_ObjectV:$previous);
  let assemblyFormat = [{ $previous attr-dict }];
  let steals = ["previous"];
  let observes = 1;
}

def Py_CheckExcMatchOp : Py_RaisingOp<"check_exc_match"> {
  let summary = "CHECK_EXC_MATCH";
  let description = [{
    Example: `%1 = py.check_exc_match %e, %type at %s`
  }];
  let arguments = (ins Py_ObjectV:$exception, Py_ObjectV:$match_type, Py_StateV:$state);
  let results = (outs I1:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ $exception `,` $match_type `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_CheckEgMatchOp : Py_RaisingOp<"check_eg_match"> {
  let summary = "CHECK_EG_MATCH";
  let description = [{
    The rest and the matching part of an exception group, or None.

    Example: `%rest, %match = py.check_eg_match %e, %type at %s`
  }];
  let arguments = (ins Py_ObjectV:$exception, Py_ObjectV:$match_type, Py_StateV:$state);
  let results = (outs Py_ObjectV:$rest, Py_ObjectV:$matched, Optional<I1>:$raised);
  let assemblyFormat = [{ $exception `,` $match_type `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_BeforeWithOp : Py_RaisingOp<"before_with"> {
  let summary = "BEFORE_WITH";
  let description = [{
    The bound `__exit__` and the result of `__enter__`.

    Example: `%exit, %v = py.before_with %0 at %s`
  }];
  let arguments = (ins Py_ObjectV:$manager, Py_StateV:$state);
  let results = (outs Py_ObjectV:$exit, Py_ObjectV:$value, Optional<I1>:$raised);
  let assemblyFormat = [{ $manager `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_BeforeAsyncWithOp : Py_RaisingOp<"before_async_with"> {
  let summary = "BEFORE_ASYNC_WITH";
  let description = [{
    The bound `__aexit__` and the awaitable of `__aenter__`.

    Example: `%exit, %v = py.before_async_with %0 at %s`
  }];
  let arguments = (ins Py_ObjectV:$manager, Py_StateV:$state);
  let results = (outs Py_ObjectV:$exit, Py_ObjectV:$value, Optional<I1>:$raised);
  let assemblyFormat = [{ $manager `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_WithExceptStartOp : Py_RaisingOp<"with_except_start"> {
  let summary = "WITH_EXCEPT_START";
  let description = [{
    Calls `exit` with the exception.

    Example: `%1 = py.with_except_start %exit, %e at %s`
  }];
  let arguments = (ins Py_ObjectV:$exit, Py_ObjectV:$exception, Py_StateV:$state);
  let results = (outs Py_ObjectV:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ $exit `,` $exception `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_LoadAssertionErrorOp : Py_Op<"load_assertion_error", [Pure]> {
  let summary = "LOAD_ASSERTION_ERROR";
  let description = [{
    Example: `%0 = py.load_assertion_error`
  }];
  let results = (outs Py_ObjectV:$result);
  let assemblyFormat = [{ attr-dict }];
  let ownership = "borrowed";
}

def Py_GetAwaitableOp : Py_RaisingOp<"get_awaitable"> {
  let summary = "GET_AWAITABLE";
  let description = [{
    `kind` tells the context of the message: 0 await, 1 aenter, 2 aexit.

    Example: `%1 = py.get_awaitable 0, %0 at %s`
  }];
  let arguments = (ins Py_InRange<0, 2>:$kind, Py_ObjectV:$iterable, Py_StateV:$state);
  let results = (outs Py_ObjectV:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ $kind `,` $iterable `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_GetAiterOp : Py_RaisingOp<"get_aiter"> {
  let summary = "GET_AITER";
  let description = [{
    Example: `%1 = py.get_aiter %0 at %s`
  }];
  let arguments = (ins Py_ObjectV:$iterable, Py_StateV:$state);
  let results = (outs Py_ObjectV:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ $iterable `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_GetAnextOp : Py_RaisingOp<"get_anext"> {
  let summary = "GET_ANEXT";
  let description = [{
    Example: `%1 = py.get_anext %0 at %s`
  }];
  let arguments = (ins Py_ObjectV:$iterator, Py_StateV:$state);
  let results = (outs Py_ObjectV:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ $iterator `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_EndAsyncForOp : Py_RaisingOp<"end_async_for"> {
  let summary = "END_ASYNC_FOR";
  let description = [{
    Succeeds for StopAsyncIteration, raises anything else again.

    Example: `py.end_async_for %e at %s`
  }];
  let arguments = (ins Py_ObjectV:$exception, Py_StateV:$state);
  let results = (outs Optional<I1>:$raised);
  let assemblyFormat = [{ $exception `at` $state attr-dict (`catch` type($raised)^)? }];
  let traces = 1;
}

def Py_SendOp : Py_RaisingOp<"send"> {
  let summary = "SEND";
  let description = [{
    `finished` tells that `value` is the result of the receiver, not something it yielded.

    Example: `%v, %done = py.send %it, %0 at %s`
  }];
  let arguments = (ins Py_ObjectV:$receiver, Py_ObjectV:$value, Py_StateV:$state);
  let results = (outs Py_ObjectV:$result, I1:$finished, Optional<I1>:$raised);
  let assemblyFormat = [{ $receiver `,` $value `at` $state attr-dict (`catch` type($raised)^)? }];
}

def Py_CleanupThrowOp : Py_RaisingOp<"cleanup_throw"> {
  let summary = "CLEANUP_THROW";
  let description = [{
    The value of the StopIteration that the exception is; raises anything else again.

    Example: `%v = py.cleanup_throw %e at %s`
  }];
  let arguments = (ins Py_ObjectV:$exception, Py_StateV:$state);
  let results = (outs Py_ObjectV:$result, Optional<I1>:$raised);
  let assemblyFormat = [{ $exception `at` $state attr-dict (`catch` type($raised)^)? }];
  let traces = 1;
}

#endif

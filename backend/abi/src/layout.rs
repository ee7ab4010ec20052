//! Where fields are, in bytes: what generated code needs to read CPython's structures itself.
//!
//! Every offset is computed from the [`cpython`](crate::cpython) bindings.

use crate::cpython as c;
use std::mem::{offset_of, size_of};

/// `ob_refcnt` of any object (an `i64`; immortal when its low 32 bits are negative).
pub const OB_REFCNT: usize = 0;
/// `ob_type` of any object.
pub const OB_TYPE: usize = offset_of!(c::PyObject, ob_type);
/// `ob_size` of a variable-sized object (an `i64`).
pub const OB_SIZE: usize = offset_of!(c::PyVarObject, ob_size);

/// `eval_breaker` of the thread state: pending work in the low 8 bits, the instrumentation version above.
pub const TS_EVAL_BREAKER: usize = offset_of!(c::PyThreadState, eval_breaker);
/// `current_frame` of the thread state.
pub const TS_CURRENT_FRAME: usize = offset_of!(c::PyThreadState, current_frame);
/// `py_recursion_remaining` of the thread state (an `i32`).
pub const TS_PY_RECURSION_REMAINING: usize = offset_of!(c::PyThreadState, py_recursion_remaining);
/// `current_exception` of the thread state: the exception being raised, or null.
pub const TS_CURRENT_EXCEPTION: usize = offset_of!(c::PyThreadState, current_exception);
/// `exc_info` of the thread state: the top of the stack of exceptions being handled.
pub const TS_EXC_INFO: usize = offset_of!(c::PyThreadState, exc_info);

/// `f_executable` of a frame: its code object.
pub const FRAME_EXECUTABLE: usize = offset_of!(c::_PyInterpreterFrame, f_executable);
/// `previous` of a frame: its caller.
pub const FRAME_PREVIOUS: usize = offset_of!(c::_PyInterpreterFrame, previous);
/// `f_funcobj` of a frame: its function.
pub const FRAME_FUNCTION: usize = offset_of!(c::_PyInterpreterFrame, f_funcobj);
/// `f_globals` of a frame.
pub const FRAME_GLOBALS: usize = offset_of!(c::_PyInterpreterFrame, f_globals);
/// `f_builtins` of a frame.
pub const FRAME_BUILTINS: usize = offset_of!(c::_PyInterpreterFrame, f_builtins);
/// `f_locals` of a frame: the mapping of a class body or module, else null.
pub const FRAME_LOCALS: usize = offset_of!(c::_PyInterpreterFrame, f_locals);
/// `frame_obj` of a frame: its frame object, or null while nobody asked for it.
pub const FRAME_OBJECT: usize = offset_of!(c::_PyInterpreterFrame, frame_obj);
/// `instr_ptr` of a frame: the address of the instruction that executes.
pub const FRAME_INSTR_PTR: usize = offset_of!(c::_PyInterpreterFrame, instr_ptr);
/// `stacktop` of a frame (an `i32`): how many slots of `localsplus` are in use.
pub const FRAME_STACKTOP: usize = offset_of!(c::_PyInterpreterFrame, stacktop);
/// `return_offset` of a frame (a `u16`): compiled code leaves the number of an exit here.
pub const FRAME_RETURN_OFFSET: usize = offset_of!(c::_PyInterpreterFrame, return_offset);
/// `localsplus` of a frame: locals, cells, free variables, then the evaluation stack.
pub const FRAME_LOCALSPLUS: usize = offset_of!(c::_PyInterpreterFrame, localsplus);

/// `_co_instrumentation_version` of a code object.
pub const CODE_INSTRUMENTATION_VERSION: usize =
    offset_of!(c::PyCodeObject, _co_instrumentation_version);
/// The next item of a range iterator.
pub const RANGE_NEXT: usize = offset_of!(c::_PyRangeIterObject, start);
/// The step of a range iterator.
pub const RANGE_STEP: usize = offset_of!(c::_PyRangeIterObject, step);
/// How many items a range iterator has left.
pub const RANGE_LEFT: usize = offset_of!(c::_PyRangeIterObject, len);

/// `co_code_adaptive` of a code object: its first instruction.
pub const CODE_BYTECODE: usize = offset_of!(c::PyCodeObject, co_code_adaptive);
/// `co_consts` of a code object.
pub const CODE_CONSTS: usize = offset_of!(c::PyCodeObject, co_consts);
/// `co_names` of a code object.
pub const CODE_NAMES: usize = offset_of!(c::PyCodeObject, co_names);

/// From a generator's own frame back to the generator: subtract this.
pub const GEN_FRAME: usize = offset_of!(c::PyGenObject, gi_iframe);
/// `gi_frame_state` of a generator or coroutine (an `i8`).
pub const GEN_STATE: usize = offset_of!(c::PyGenObject, gi_frame_state);
/// The state of a generator that has yielded; one more in `yield from` and `await`.
pub const GEN_SUSPENDED: i64 = c::_framestate_FRAME_SUSPENDED as i64;

/// `ob_fval` of a float.
pub const FLOAT_VALUE: usize = offset_of!(c::PyFloatObject, ob_fval);
/// `cval.real` of a complex number; the imaginary part follows.
pub const COMPLEX_REAL: usize = offset_of!(c::PyComplexObject, cval);
/// `lv_tag` of an int: the sign in the low two bits (0 positive, 1 zero, 2 negative), the digit count from bit 3.
pub const LONG_TAG: usize =
    offset_of!(c::_longobject, long_value) + offset_of!(c::_PyLongValue, lv_tag);
/// The first digit of an int (`u32` digits of 30 bits).
pub const LONG_DIGITS: usize =
    offset_of!(c::_longobject, long_value) + offset_of!(c::_PyLongValue, ob_digit);
/// Where in `_PyRuntime` the int 0 is, of those that are never freed; the others are beside it in order.
pub const SMALL_INTS: usize = offset_of!(c::pyruntimestate, static_objects.singletons.small_ints)
    + c::_PY_NSMALLNEGINTS as usize * SMALL_INT;
/// The distance between two of them.
pub const SMALL_INT: usize = size_of::<c::PyLongObject>();
/// How many bits of a digit are used.
pub const LONG_SHIFT: u32 = 30;
/// `ob_item` of a list: a pointer to its items.
pub const LIST_ITEMS: usize = offset_of!(c::PyListObject, ob_item);
/// The first item of a tuple, in the object itself.
pub const TUPLE_ITEMS: usize = offset_of!(c::PyTupleObject, ob_item);
/// `ma_used` of a dict: its length.
pub const DICT_USED: usize = offset_of!(c::PyDictObject, ma_used);
/// `ma_version_tag` of a dict (a `u64`), which no two states of dicts share.
pub const DICT_VERSION: usize = offset_of!(c::PyDictObject, ma_version_tag);
/// `ma_keys` of a dict.
pub const DICT_KEYS: usize = offset_of!(c::PyDictObject, ma_keys);
/// `ob_ref` of a cell.
pub const CELL_CONTENTS: usize = offset_of!(c::PyCellObject, ob_ref);
/// `tp_version_tag` of a type (a `u32`).
pub const TYPE_VERSION: usize = offset_of!(c::PyTypeObject, tp_version_tag);
/// `tp_flags` of a type.
pub const TYPE_FLAGS: usize = offset_of!(c::PyTypeObject, tp_flags);
/// `tp_iternext` of a type.
pub const TYPE_ITERNEXT: usize = offset_of!(c::PyTypeObject, tp_iternext);
/// `func_code` of a function.
pub const FUNCTION_CODE: usize = offset_of!(c::PyFunctionObject, func_code);
/// `func_globals` of a function.
pub const FUNCTION_GLOBALS: usize = offset_of!(c::PyFunctionObject, func_globals);
/// `func_closure` of a function.
pub const FUNCTION_CLOSURE: usize = offset_of!(c::PyFunctionObject, func_closure);

/// `it_seq` of a list iterator: the list, or null at the end.
pub const LIST_ITERATOR_LIST: usize = offset_of!(c::_PyListIterObject, it_seq);
/// `it_index` of a list iterator (an `i64`).
pub const LIST_ITERATOR_INDEX: usize = offset_of!(c::_PyListIterObject, it_index);
/// `ht_cached_keys` of a class: the names that its instances share.
pub const TYPE_KEYS: usize = offset_of!(c::PyHeapTypeObject, ht_cached_keys);
/// `dk_nentries` of the keys of a dict: how many entries they have.
pub const KEYS_ENTRIES: usize = offset_of!(c::_dictkeysobject, dk_nentries);
/// In an instance that keeps values in itself, the byte that tells whether they are in use.
pub const VALUES_VALID: usize = size_of::<c::PyObject>() + offset_of!(c::PyDictValues, valid);
/// How far in front of an instance the pointer to its dict is.
pub const MANAGED_DICT: usize = 3 * SLOT;
/// In a cache of an attribute: the place, the guard and the object of the entry that machine code looks at.
pub const CACHE_PLACE: usize = 8;
/// See [`CACHE_PLACE`].
pub const CACHE_GUARD: usize = 16;
/// See [`CACHE_PLACE`].
pub const CACHE_VALUE: usize = 24;

/// The size of a code unit: an instruction without its caches.
pub const CODE_UNIT: usize = size_of::<c::_Py_CODEUNIT>();
/// The size of a BINARY_SUBSCR with its cache.
pub const BINARY_SUBSCR_SIZE: usize = CODE_UNIT + size_of::<c::_PyBinarySubscrCache>();
/// The size of a BINARY_OP with its cache.
pub const BINARY_OP_SIZE: usize = CODE_UNIT + size_of::<c::_PyBinaryOpCache>();
/// The size of a LOAD_ATTR with its cache.
pub const LOAD_ATTR_SIZE: usize = CODE_UNIT + size_of::<c::_PyLoadMethodCache>();
/// The size of a CALL with its cache.
pub const CALL_SIZE: usize = CODE_UNIT + size_of::<c::_PyCallCache>();
/// The size of an UNPACK_SEQUENCE with its cache.
pub const UNPACK_SEQUENCE_SIZE: usize = CODE_UNIT + size_of::<c::_PyUnpackSequenceCache>();
/// The size of a pointer to an object, the unit of `localsplus`.
pub const SLOT: usize = size_of::<*mut c::PyObject>();

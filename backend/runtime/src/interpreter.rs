//! The interpreter's own functions and variables that compiled code uses directly.

use crate::symbols::{Symbol, functions, variable};
use stepwell_abi::cpython::*;

/// The rows of the table whose body is the interpreter's.
pub(crate) fn functions() -> Vec<Symbol> {
    functions![
        PyBool_FromLong(_),
        PyCell_New(_),
        PyComplex_FromDoubles(_, _),
        PyDict_SetItem(_, _, _),
        PyErr_GetRaisedException(),
        PyNumber_Invert(_),
        PyNumber_MatrixMultiply(_, _),
        PyNumber_Negative(_),
        PyNumber_InPlaceMatrixMultiply(_, _),
        PyObject_ASCII(_),
        PyObject_DelItem(_, _),
        PyObject_Format(_, _),
        PyObject_GetIter(_),
        PyObject_Repr(_),
        PyObject_Str(_),
        PySequence_Contains(_, _),
        PySet_Add(_, _),
        PySlice_New(_, _, _),
        _PyEval_MatchKeys(_, _, _),
        _PySet_Update(_, _),
    ]
}

macro_rules! variables {
    ($($name:ident),* $(,)?) => { vec![$(variable(stringify!($name), &raw const $name)),*] };
}

/// The variables.
pub(crate) fn data() -> Vec<Symbol> {
    variables![
        PyBool_Type,
        PyComplex_Type,
        PyDict_Type,
        PyExc_AssertionError,
        PyExc_StopIteration,
        PyFloat_Type,
        PyFunction_Type,
        PyListIter_Type,
        PyList_Type,
        PyLong_Type,
        PyRangeIter_Type,
        PyRange_Type,
        PySet_Type,
        PySlice_Type,
        PyTupleIter_Type,
        PyTuple_Type,
        PyUnicode_Type,
        _Py_EllipsisObject,
        _Py_FalseStruct,
        _Py_NoneStruct,
        _Py_NotImplementedStruct,
        _PyRuntime,
        _Py_TrueStruct,
    ]
}

//! Variables of the interpreter that compiled code refers to.

/// The names of the interpreter's variables that compiled code may refer to. The address of a type or singleton is the
/// object itself; a `PyExc_` variable holds a pointer to the object.
pub fn data() -> &'static [&'static str] {
    &[
        "PyBool_Type",
        "PyComplex_Type",
        "PyDict_Type",
        "PyExc_AssertionError",
        "PyExc_StopIteration",
        "PyFloat_Type",
        "PyFunction_Type",
        "PyListIter_Type",
        "PyList_Type",
        "PyLong_Type",
        "PyRangeIter_Type",
        "PyRange_Type",
        "PySet_Type",
        "PySlice_Type",
        "PyTupleIter_Type",
        "PyTuple_Type",
        "PyUnicode_Type",
        "_Py_EllipsisObject",
        "_Py_FalseStruct",
        "_Py_NoneStruct",
        "_Py_NotImplementedStruct",
        "_PyRuntime",
        "_Py_TrueStruct",
    ]
}

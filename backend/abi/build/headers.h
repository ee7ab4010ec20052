/* The headers that describe what compiled code and the runtime touch. */
#define Py_BUILD_CORE 1
#include <Python.h>
#include <frameobject.h>
#include <opcode.h>
#include <internal/pycore_call.h>
#include <internal/pycore_ceval.h>
#include <internal/pycore_code.h>
#include <internal/pycore_dict.h>
#include <internal/pycore_frame.h>
#include <internal/pycore_function.h>
#include <internal/pycore_genobject.h>
#include <internal/pycore_interp.h>
#include <internal/pycore_intrinsics.h>
#include <internal/pycore_list.h>
#include <internal/pycore_long.h>
#include <internal/pycore_object.h>
#include <internal/pycore_pyerrors.h>
#include <internal/pycore_range.h>
#include <internal/pycore_setobject.h>
#include <internal/pycore_sliceobject.h>
#include <internal/pycore_tuple.h>
#include <internal/pycore_typeobject.h>
#include <internal/pycore_unicodeobject.h>

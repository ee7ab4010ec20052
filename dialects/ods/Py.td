//===- Py.td - the py dialect ---------------------------------------------===//

#ifndef STEPWELL_PY
#define STEPWELL_PY

include "PyBase.td"
include "PyEnums.td"
include "PyValues.td"
include "PyArrays.td"
include "PySequences.td"
include "PyOperators.td"
include "PyNames.td"
include "PyCalls.td"
include "PyContainers.td"
include "PyControl.td"

#endif

// Registers the dialects that are generated from the ODS files, and MLIR's own conversions to the LLVM dialect.

#include "mlir-c/IR.h"
#include "mlir/CAPI/Registration.h"
#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/FuncToLLVM/ConvertFuncToLLVM.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/TypeSwitch.h"

#include "PyDialect.h.inc"
#include "PyEnums.h.inc"
#define GET_TYPEDEF_CLASSES
#include "PyTypes.h.inc"
#define GET_OP_CLASSES
#include "PyOps.h.inc"

#include "NumDialect.h.inc"
#define GET_OP_CLASSES
#include "NumOps.h.inc"

#include "StateDialect.h.inc"
#define GET_OP_CLASSES
#include "StateOps.h.inc"

#include "PyEnums.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "PyTypes.cpp.inc"
#define GET_OP_CLASSES
#include "PyOps.cpp.inc"
#include "PyDialect.cpp.inc"

#define GET_OP_CLASSES
#include "NumOps.cpp.inc"
#include "NumDialect.cpp.inc"

#define GET_OP_CLASSES
#include "StateOps.cpp.inc"
#include "StateDialect.cpp.inc"

void stepwell::py::PyDialect::initialize() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "PyTypes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "PyOps.cpp.inc"
      >();
}

void stepwell::num::NumDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "NumOps.cpp.inc"
      >();
}

void stepwell::state::StateDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "StateOps.cpp.inc"
      >();
}

extern "C" {
MLIR_DECLARE_CAPI_DIALECT_REGISTRATION(Py, py);
MLIR_DECLARE_CAPI_DIALECT_REGISTRATION(Num, num);
MLIR_DECLARE_CAPI_DIALECT_REGISTRATION(State, state);
}
MLIR_DEFINE_CAPI_DIALECT_REGISTRATION(Py, py, stepwell::py::PyDialect)
MLIR_DEFINE_CAPI_DIALECT_REGISTRATION(Num, num, stepwell::num::NumDialect)
MLIR_DEFINE_CAPI_DIALECT_REGISTRATION(State, state, stepwell::state::StateDialect)

/// The dialects that most functions have when they become LLVM's: all of them in one conversion.
extern "C" void stepwellRegisterConversions(MlirDialectRegistry registry) {
  mlir::arith::registerConvertArithToLLVMInterface(*unwrap(registry));
  mlir::cf::registerConvertControlFlowToLLVMInterface(*unwrap(registry));
  mlir::registerConvertFuncToLLVMInterface(*unwrap(registry));
}

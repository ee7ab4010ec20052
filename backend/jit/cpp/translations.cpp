// Registers the translation of the builtin and the LLVM dialect to LLVM IR, and of no other. The C
// API offers mlirRegisterAllLLVMTranslations only, which links every GPU and OpenMP translation.

#include "mlir/CAPI/IR.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"

extern "C" void stepwellRegisterTranslations(MlirContext context) {
  mlir::registerBuiltinDialectTranslation(*unwrap(context));
  mlir::registerLLVMDialectTranslation(*unwrap(context));
}

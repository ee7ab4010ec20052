//===- Ownership.td - effects and ownership as data -----------------------===//
//
// Every op of this project says what it does to references and to control. The
// fields are read by the build (through llvm-tblgen's JSON) into the Rust table
// `ownership`, which is the only place where passes look.

#ifndef STEPWELL_OWNERSHIP
#define STEPWELL_OWNERSHIP

class Ownership {
  // Whether the op can set a Python exception.
  bit raises = 0;
  // Whether the op may run arbitrary Python code, which may look at the frame.
  bit observes = 0;
  // Whether the op may leave compiled code for the interpreter at its state.
  bit exits = 0;
  // The operands (by name) whose reference the op takes over when it succeeds or fails.
  list<string> steals = [];
  // The object results: "new" references, or "borrowed" from something that lives on.
  string ownership = "new";
  // Whether an object result can be null although the op succeeded.
  bit nullable = 0;
  // Whether the op itself decides if its failure adds a traceback entry.
  bit traces = 0;
}

#endif

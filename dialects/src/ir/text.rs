use melior::{
    Context,
    diagnostic::DiagnosticHandlerId,
    ir::{
        Module,
        operation::{OperationLike, OperationPrintingFlags},
    },
};
use std::{cell::RefCell, error::Error, fmt, rc::Rc};

/// How IR is printed. The default is what people read: names, no locations.
#[derive(Clone, Copy, Debug, Default)]
pub struct PrintOptions {
    /// Append source locations to every op.
    pub locations: bool,
    /// MLIR's generic form, which a tool without our dialects can read.
    pub generic: bool,
}

impl PrintOptions {
    fn flags(self) -> OperationPrintingFlags {
        let flags = OperationPrintingFlags::new();
        // SAFETY: the flags are alive.
        unsafe { mlir_sys::mlirOpPrintingFlagsPrintNameLocAsPrefix(flags.to_raw()) };
        let flags = if self.locations {
            flags.enable_debug_info(true, false)
        } else {
            flags
        };
        if self.generic {
            flags.print_generic_operation_form()
        } else {
            flags
        }
    }
}

/// The text of an operation.
pub fn print_operation<'c: 'a, 'a>(
    op: &impl OperationLike<'c, 'a>,
    options: PrintOptions,
) -> String {
    op.to_string_with_flags(options.flags())
        .unwrap_or_else(|error| format!("<{error}>"))
}

/// The text of a module.
pub fn print_module(module: &Module, options: PrintOptions) -> String {
    print_operation(&module.as_operation(), options)
}

/// Why a text is not a valid module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// MLIR's diagnostics, one a line, with their places in the text.
    pub message: String,
}

impl fmt::Display for ParseError {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl Error for ParseError {}

/// Reads and verifies a module.
///
/// # Errors
///
/// When the text is not valid, with MLIR's diagnostics.
pub fn parse_module<'c>(context: &'c Context, text: &str) -> Result<Module<'c>, ParseError> {
    let (module, message) = capture_diagnostics(context, || Module::parse(context, text));
    module.ok_or(ParseError { message })
}

/// Runs something and collects what MLIR says meanwhile, one diagnostic a line, with its place.
pub fn capture_diagnostics<T>(context: &Context, run: impl FnOnce() -> T) -> (T, String) {
    let lines = Rc::new(RefCell::new(Vec::new()));
    let sink = Rc::clone(&lines);
    let handler: DiagnosticHandlerId = context.attach_diagnostic_handler(move |diagnostic| {
        sink.borrow_mut()
            .push(format!("{}: {diagnostic}", diagnostic.location()));
        true
    });
    let result = run();
    context.detach_diagnostic_handler(handler);
    let message = lines.borrow().join("\n");
    (result, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::create_context;

    const TEXT: &str = r#"module {
  func.func @f(%x: !py.object) -> !py.object {
    %state = py.frame_state 4 locals(%x) stack(%x, %x) : (!py.object), (!py.object, !py.object)
    %0, %raised = py.binary inplace_add %x, %x at %state catch i1
    cf.cond_br %raised, ^bb1, ^bb2
  ^bb1:  // pred: ^bb0
    py.propagate
  ^bb2:  // pred: ^bb0
    %1 = py.unbox %0 at %state : i64
    %2 = num.add %1, %1 at %state
    %3 = py.box %2 : i64
    py.exit %state "SETUP_ANNOTATIONS is not lifted"
  }
}
"#;

    #[test]
    fn text_is_read_and_printed() {
        let context = create_context();
        let module = parse_module(&context, TEXT).expect("valid IR");
        let printed = print_module(&module, PrintOptions::default());
        let again = parse_module(&context, &printed).expect("what is printed can be read");
        assert_eq!(printed, print_module(&again, PrintOptions::default()));
        assert!(printed.contains("py.binary inplace_add"));
    }

    #[test]
    fn invalid_text_is_refused_with_its_place() {
        let context = create_context();
        let error =
            parse_module(&context, "func.func @f() { py.nonsense }").expect_err("no such op");
        assert!(error.message.contains("py.nonsense"), "{error}");
    }
}

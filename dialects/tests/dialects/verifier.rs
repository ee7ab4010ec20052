//! Invalid IR and what the verifiers say of it: one file in `invalid/` for each rule.

use stepwell_dialects::ir::{create_context, parse_module};

#[test]
fn invalid_ir_is_refused() {
    insta::glob!("invalid/*.mlir", |path| {
        let text = std::fs::read_to_string(path).expect("the case can be read");
        let context = create_context();
        let error = parse_module(&context, &text).expect_err("the case is invalid");
        insta::with_settings!({ description => text, omit_expression => true }, {
            insta::assert_snapshot!(error.message);
        });
    });
}

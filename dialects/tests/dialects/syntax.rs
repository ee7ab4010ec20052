//! Every op is read and printed in its custom and in the generic form.

use crate::{examples, ods_records};
use melior::Context;
use stepwell_dialects::{
    ir::{PrintOptions, create_context, parse_module, print_module},
    ownership::OPS,
};

#[test]
fn every_op_has_an_example_that_round_trips() {
    let context = create_context();
    let records = ods_records::load();
    for info in OPS {
        let op = records.iter().find_map(|records| records.find(info.name));
        let op = op.unwrap_or_else(|| panic!("{} is in no ODS file", info.name));
        let examples = examples::in_description(op.description());
        assert!(!examples.is_empty(), "{} has no example", info.name);
        for example in examples {
            assert!(
                example.contains(info.name),
                "{example} does not show {}",
                info.name
            );
            round_trip(&context, &examples::in_function(&op, example));
            if op.can_be_caught() && !example.contains("catch") {
                let example = examples::under_handler(example);
                round_trip(&context, &examples::in_function(&op, &example));
            }
        }
    }
}

#[test]
fn every_op_that_raises_can_be_caught() {
    let records = ods_records::load();
    for info in OPS.iter().filter(|info| info.raises) {
        let op = records.iter().find_map(|records| records.find(info.name));
        assert!(
            op.expect("an op in ODS").can_be_caught(),
            "{} raises and has no result `raised`",
            info.name
        );
    }
}

fn round_trip(context: &Context, text: &str) {
    let module = parse_module(context, text).unwrap_or_else(|error| panic!("{text}\n{error}"));
    let custom = print_module(&module, PrintOptions::default());
    let generic = PrintOptions {
        generic: true,
        ..Default::default()
    };
    for printed in [custom.clone(), print_module(&module, generic)] {
        let again =
            parse_module(context, &printed).unwrap_or_else(|error| panic!("{printed}\n{error}"));
        assert_eq!(print_module(&again, PrintOptions::default()), custom);
    }
}

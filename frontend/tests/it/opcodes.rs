//! The opcode table against what the interpreter says of itself.

use crate::{fixtures, interpreter};
use stepwell_frontend::bytecode::{Flow, Opcode, Operand, Row, v3_13};

const ARGUMENTS: [u32; 7] = [0, 1, 2, 3, 4, 5, 258];

fn fixture() -> String {
    std::fs::read_to_string(fixtures::directory().join("v3_13/opcodes.txt"))
        .expect("the fixture is in the repository")
}

#[test]
fn table_agrees_with_the_interpreter() {
    let described: String = v3_13::TABLE.rows().map(describe).collect();
    let operators: Vec<&str> = (0..26)
        .filter_map(|oparg| v3_13::TABLE.operator(oparg))
        .collect();
    let described = format!(
        "{described}operators {}\nintrinsics 12 6\n",
        operators.join(" ")
    );
    assert_eq!(described, fixture());
    assert_eq!(v3_13::TABLE.operator(26), None);
}

#[test]
fn fixture_is_what_the_interpreter_says_today() {
    if let Some(printed) = interpreter::run_tool("dump_opcodes.py", &[]) {
        assert_eq!(printed, fixture());
    }
}

#[test]
fn exhausted_iterators_leave_the_stack() {
    let row = v3_13::TABLE.row(72).expect("FOR_ITER");
    assert_eq!(row.opcode, Opcode::ForIter);
    assert_eq!(row.effect(7), (1, 2));
    assert_eq!(row.jump_effect(7), (1, 0));
}

#[test]
fn instrumented_opcodes_are_unknown() {
    for number in [0, 17, 70, 119, 148, 150, 236, 254, 255] {
        assert!(v3_13::TABLE.row(number).is_none(), "{number}");
    }
}

fn describe(row: &Row) -> String {
    let effects = |side: fn((u64, u64)) -> u64| {
        let values: Vec<String> = ARGUMENTS
            .iter()
            .map(|&oparg| side(row.effect(oparg)).to_string())
            .collect();
        values.join(",")
    };
    let raises = if row.raises && row.opcode != Opcode::YieldValue {
        "raises"
    } else {
        "quiet"
    };
    format!(
        "{} {} caches={} kinds={} pops={} pushes={} {raises}\n",
        row.number,
        row.opcode,
        row.caches,
        kinds(row),
        effects(|(pops, _)| pops),
        effects(|(_, pushes)| pushes),
    )
}

fn kinds(row: &Row) -> &'static str {
    assert_eq!(
        matches!(row.operand, Operand::Forward | Operand::Backward),
        matches!(row.flow, Flow::Jump | Flow::Branch | Flow::Iterate),
        "{}",
        row.opcode
    );
    match row.operand {
        Operand::None => "-",
        Operand::Const => "arg+const",
        Operand::Name | Operand::NameShifted(_) => "arg+name",
        Operand::Forward | Operand::Backward => "arg+jump",
        Operand::Slot if row.opcode.name().contains("FAST") => "arg+local",
        Operand::Slot => "arg+free",
        Operand::SlotPair => "arg+local",
        _ => "arg",
    }
}

//! Broken code objects are refused, whatever is wrong with them.

use crate::fixtures;
use stepwell_frontend::bytecode::{decode, decode_exception_table, decode_line_table, v3_13};
use stepwell_frontend::{Cfg, Code, Depths, FrontendError, Part, Program, dump_bytecode};

/// A small generator of random numbers (xorshift), so that every run tests the same cases.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    fn bytes(&mut self, limit: usize) -> Vec<u8> {
        (0..self.below(limit)).map(|_| self.next() as u8).collect()
    }
}

fn refusal(code: &Code) -> (Part, String) {
    match analyse(code) {
        Err(FrontendError::Corrupt { part, reason, .. }) => (part, reason),
        other => panic!("expected a refusal, got {other:?}"),
    }
}

fn analyse(code: &Code) -> Result<(), FrontendError> {
    let program = Program::new(code)?;
    let cfg = Cfg::new(&program);
    Depths::new(&program, &cfg)?;
    let _ = cfg.loops();
    Ok(())
}

#[test]
fn random_tables_never_panic() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for _ in 0..20_000 {
        let bytes = random.bytes(64);
        let _ = decode_exception_table(&bytes, random.below(200));
        let _ = decode_line_table(&bytes, 1, random.below(40));
        let _ = decode(&bytes, &[], &v3_13::TABLE);
    }
}

#[test]
fn damaged_functions_never_panic() {
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let fixtures = ["basics", "loops", "exceptions", "calls", "generators"];
    let codes: Vec<Code> = fixtures
        .iter()
        .flat_map(|name| fixtures::codes(name))
        .collect();
    let mut refused = 0;
    for _ in 0..20_000 {
        let mut code = codes[random.below(codes.len())].clone();
        damage(&mut code, &mut random);
        match dump_bytecode(&code) {
            Ok(text) => assert!(text.starts_with("code ")),
            Err(_) => refused += 1,
        }
    }
    assert!(refused > 1_000, "only {refused} were refused");
}

fn damage(code: &mut Code, random: &mut Random) {
    let bytes = match random.below(4) {
        0 => &mut code.exceptiontable,
        1 => &mut code.linetable,
        _ => &mut code.code,
    };
    if bytes.is_empty() {
        return;
    }
    let at = random.below(bytes.len());
    match random.below(3) {
        0 => bytes[at] = random.next() as u8,
        1 => bytes.truncate(at),
        _ => bytes.insert(at, random.next() as u8),
    }
}

/// A function of these code units, without a line table to speak of.
fn assembled(units: &[[u8; 2]]) -> Code {
    let mut code = fixtures::function("basics", "add");
    code.code = units.concat();
    code.linetable = units.iter().map(|_| 0x80 | 15 << 3).collect();
    code
}

const RETURN: [u8; 2] = [36, 0];
const LOAD_A: [u8; 2] = [85, 0];
const POP_TOP: [u8; 2] = [32, 0];
const EXTENDED_ARG: [u8; 2] = [71, 1];

#[test]
fn sound_assembly_is_accepted() {
    assert_eq!(analyse(&assembled(&[LOAD_A, RETURN])), Ok(()));
}

#[test]
fn contradictions_are_named() {
    let jump_into_prefixed = [[79, 1], EXTENDED_ARG, LOAD_A, RETURN];
    let cases: [(&[[u8; 2]], &str); 8] = [
        (&[], "execution runs off the end"),
        (&[LOAD_A], "execution runs off the end"),
        (&[LOAD_A, [99, 0]], "the inline cache is cut off"),
        (&[LOAD_A, EXTENDED_ARG], "a prefix has no instruction"),
        (&[[85, 9], RETURN], "LOAD_FAST has the argument 9"),
        (&[POP_TOP, LOAD_A, RETURN], "the stack holds 0, 1 are taken"),
        (&[[236, 0], LOAD_A, RETURN], "unknown opcode 236"),
        (&jump_into_prefixed, "JUMP_FORWARD has no sound target"),
    ];
    for (units, expected) in cases {
        assert_eq!(
            refusal(&assembled(units)),
            (Part::Bytecode, expected.to_owned())
        );
    }
}

#[test]
fn stack_beyond_its_limit_is_refused() {
    let mut code = assembled(&[LOAD_A, LOAD_A, POP_TOP, RETURN]);
    code.stacksize = 1;
    assert_eq!(refusal(&code).1, "the stack grows to 2, beyond 1");
}

#[test]
fn disagreeing_depths_are_refused() {
    let pop_jump_if_true = [100, 1];
    let cache = [0, 0];
    let code = assembled(&[LOAD_A, pop_jump_if_true, cache, LOAD_A, LOAD_A, RETURN]);
    assert_eq!(refusal(&code).1, "the stack is 0 or 1 deep");
}

#[test]
fn overlapping_handlers_are_refused() {
    let mut code = assembled(&[LOAD_A, LOAD_A, POP_TOP, RETURN]);
    code.exceptiontable = vec![0x80, 2, 2, 0, 0x81, 2, 2, 0];
    assert_eq!(
        refusal(&code),
        (
            Part::ExceptionTable,
            "the entry overlaps the one before it".to_owned()
        )
    );
}

#[test]
fn line_table_of_another_length_is_refused() {
    let mut code = assembled(&[LOAD_A, RETURN]);
    code.linetable.pop();
    assert_eq!(refusal(&code).0, Part::LineTable);
}

//! Positions, prefixes, handlers, dominators and loops of known functions.

use crate::fixtures;
use stepwell_frontend::bytecode::{Opcode, Position};
use stepwell_frontend::{Cfg, Const, Program};

#[test]
fn positions_are_those_of_the_source() {
    let code = fixtures::function("basics", "add");
    let program = Program::new(&code).expect("sound");
    let add = &program.instructions()[2];
    assert_eq!(add.opcode(), Opcode::BinaryOp);
    let expected = Position {
        line: Some(6),
        end_line: Some(6),
        column: Some(11),
        end_column: Some(16),
    };
    assert_eq!(add.position, expected);
}

#[test]
fn prefixes_extend_the_argument() {
    let mut code = fixtures::function("basics", "add");
    code.consts = vec![Const::None; 0x1_0203];
    code.code = vec![71, 1, 71, 2, 103, 2];
    code.linetable = vec![0x80 | 15 << 3 | 2];
    let program = Program::new(&code).expect("sound");
    let [only] = program.instructions() else {
        panic!("one instruction");
    };
    assert_eq!((only.start, only.offset, only.next), (0, 4, 6));
    assert_eq!(only.oparg, 0x1_0202);
}

#[test]
fn handlers_cover_their_instructions() {
    let code = fixtures::function("exceptions", "guarded");
    let program = Program::new(&code).expect("sound");
    let covered: Vec<_> = program
        .instructions()
        .iter()
        .filter(|instruction| {
            program
                .handler(instruction)
                .is_some_and(|handler| !handler.lasti)
        })
        .map(|instruction| instruction.opcode().name())
        .collect();
    assert_eq!(covered, ["LOAD_FAST_LOAD_FAST", "BINARY_SUBSCR"]);
}

#[test]
fn nested_loops_are_found() {
    let code = fixtures::function("loops", "nested");
    let program = Program::new(&code).expect("sound");
    let cfg = Cfg::new(&program);
    let loops = cfg.loops();
    assert!(loops.is_reducible());
    let [outer, inner] = loops.natural() else {
        panic!("two loops");
    };
    assert!(inner.blocks.is_subset(&outer.blocks));
    let dominators = cfg.dominators();
    assert!(inner.blocks.iter().all(|&block| {
        dominators
            .dominators(block)
            .is_some_and(|mut list| list.any(|dominator| dominator == inner.header))
    }));
}

/// Jumps from the entry into both blocks of a cycle.
#[test]
fn two_ways_into_a_cycle_are_not_reducible() {
    let mut code = fixtures::function("basics", "add");
    let (load, nop, cache) = ([85, 0], [30, 0], [0, 0]);
    let (into_cycle, out_of_cycle) = ([100, 2], [100, 1]);
    let (forward, backward, leave) = ([79, 0], [78, 6], [103, 0]);
    let entry = [load, into_cycle, cache];
    let cycle = [nop, forward, load, out_of_cycle, cache, backward, leave];
    code.code = [entry.concat(), cycle.concat()].concat();
    code.linetable = [0x80 | 15 << 3].repeat(code.code.len() / 2);
    let program = Program::new(&code).expect("sound");
    let cfg = Cfg::new(&program);
    assert!(!cfg.loops().is_reducible());
}

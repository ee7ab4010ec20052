//! What `lower-num-to-arith` makes of integer ops, run on many operands by a small evaluator and
//! compared with Python's definitions, computed in 128 bits.

use melior::ir::{
    Module, OperationRef, RegionLike, Value, ValueLike,
    attribute::{DenseI64ArrayAttribute, FloatAttribute, IntegerAttribute},
    operation::OperationLike,
};
use std::{cmp::Ordering, collections::HashMap};
use stepwell_dialects::ir::{create_context, functions, operations, parse_module};
use stepwell_passes::{
    PassManager, RunOptions,
    inspect::{op_name, value_key},
    registry::parse_pipeline,
};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Number {
    Int(i64),
    Bool(bool),
    Float(f64),
    Pair(i64, bool),
}

use Number::{Bool, Float, Int, Pair};

/// The ops of a straight-line function, run on arguments; `None` when a guard fails.
struct Evaluator<'c, 'a> {
    ops: Vec<OperationRef<'c, 'a>>,
    arguments: Vec<usize>,
    values: HashMap<usize, Number>,
}

impl<'c, 'a> Evaluator<'c, 'a> {
    fn new(module: &'a Module<'c>) -> Self {
        use melior::ir::BlockLike;
        let function = *functions(module).first().expect("a function");
        let block = function
            .region(0)
            .expect("a body")
            .first_block()
            .expect("a block");
        let argument = |index| value_key(block.argument(index).expect("an argument").into());
        Self {
            ops: operations(block),
            arguments: (0..block.argument_count()).map(argument).collect(),
            values: HashMap::new(),
        }
    }

    fn run(&mut self, arguments: &[Number]) -> Option<Number> {
        self.values = self
            .arguments
            .iter()
            .copied()
            .zip(arguments.iter().copied())
            .collect();
        for op in self.ops.clone() {
            match op_name(op) {
                "func.return" => return Some(self.operand(op, 0)),
                "py.frame_state" => {}
                "num.guard" if self.operand(op, 0) == Bool(false) => return None,
                "num.guard" => {}
                name => {
                    let value = self.compute(op, name);
                    let result: Value = op.result(0).expect("a result").into();
                    self.values.insert(value_key(result), value);
                }
            }
        }
        panic!("the function does not return")
    }

    fn operand(&self, op: OperationRef<'c, 'a>, index: usize) -> Number {
        self.values[&value_key(op.operand(index).expect("an operand"))]
    }

    fn compute(&self, op: OperationRef<'c, 'a>, name: &str) -> Number {
        if name == "arith.constant" {
            return constant(op);
        }
        let all: Vec<_> = (0..op.operand_count())
            .map(|index| self.operand(op, index))
            .collect();
        match (name, &all[..]) {
            ("arith.select", [Bool(condition), yes, no]) => *if *condition { yes } else { no },
            ("arith.cmpi", [Int(lhs), Int(rhs)]) => Bool(compare(op, *lhs, *rhs)),
            ("arith.andi", [Bool(lhs), Bool(rhs)]) => Bool(lhs & rhs),
            ("arith.ori", [Bool(lhs), Bool(rhs)]) => Bool(lhs | rhs),
            ("arith.xori", [Bool(lhs), Bool(rhs)]) => Bool(lhs ^ rhs),
            ("arith.sitofp", [Int(value)]) => Float(*value as f64),
            ("arith.divf", [Float(lhs), Float(rhs)]) => Float(lhs / rhs),
            ("arith.cmpf", [Float(lhs), Float(rhs)]) => Bool(compare_floats(op, *lhs, *rhs)),
            ("llvm.extractvalue", [Pair(value, flag)]) => match position(op) {
                0 => Int(*value),
                _ => Bool(*flag),
            },
            (name, [Int(lhs), Int(rhs)]) => integer(name, *lhs, *rhs),
            other => panic!("the evaluator does not know {other:?}"),
        }
    }
}

/// An op on two integers; what would be undefined in machine code panics here.
fn integer(name: &str, lhs: i64, rhs: i64) -> Number {
    let count = || {
        u32::try_from(rhs)
            .ok()
            .filter(|count| *count < 64)
            .expect("a defined shift")
    };
    Int(match name {
        "arith.addi" => lhs.wrapping_add(rhs),
        "arith.subi" => lhs.wrapping_sub(rhs),
        "arith.divsi" => lhs.checked_div(rhs).expect("a defined division"),
        "arith.remsi" => lhs.checked_rem(rhs).expect("a defined remainder"),
        "arith.divui" => (lhs as u64)
            .checked_div(rhs as u64)
            .expect("a defined division") as i64,
        "arith.andi" => lhs & rhs,
        "arith.xori" => lhs ^ rhs,
        "arith.shli" => lhs << count(),
        "arith.shrsi" => lhs >> count(),
        "arith.minsi" => lhs.min(rhs),
        "llvm.intr.sadd.with.overflow" => return pair(lhs.overflowing_add(rhs)),
        "llvm.intr.ssub.with.overflow" => return pair(lhs.overflowing_sub(rhs)),
        "llvm.intr.smul.with.overflow" => return pair(lhs.overflowing_mul(rhs)),
        other => panic!("the evaluator does not know {other}"),
    })
}

fn pair((value, flag): (i64, bool)) -> Number {
    Pair(value, flag)
}

fn constant(op: OperationRef) -> Number {
    let value = op.attribute("value").expect("a value");
    if let Ok(float) = FloatAttribute::try_from(value) {
        return Float(float.value());
    }
    let number = IntegerAttribute::try_from(value).expect("a number").value();
    let result: Value = op.result(0).expect("a result").into();
    if result.r#type().to_string() == "i1" {
        Bool(number != 0)
    } else {
        Int(number)
    }
}

fn predicate(op: OperationRef) -> i64 {
    let attribute = op.attribute("predicate").expect("a predicate");
    IntegerAttribute::try_from(attribute)
        .expect("a number")
        .value()
}

fn compare(op: OperationRef, lhs: i64, rhs: i64) -> bool {
    match predicate(op) {
        0 => lhs == rhs,
        1 => lhs != rhs,
        2 => lhs < rhs,
        3 => lhs <= rhs,
        4 => lhs > rhs,
        5 => lhs >= rhs,
        6 => (lhs as u64) < rhs as u64,
        7 => lhs as u64 <= rhs as u64,
        other => panic!("the evaluator does not know predicate {other}"),
    }
}

fn compare_floats(op: OperationRef, lhs: f64, rhs: f64) -> bool {
    let order = lhs.partial_cmp(&rhs);
    match predicate(op) {
        1 => order == Some(Ordering::Equal),
        2 => order == Some(Ordering::Greater),
        3 => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
        4 => order == Some(Ordering::Less),
        5 => matches!(order, Some(Ordering::Less | Ordering::Equal)),
        13 => order != Some(Ordering::Equal),
        other => panic!("the evaluator does not know predicate {other}"),
    }
}

fn position(op: OperationRef) -> i64 {
    let attribute = op.attribute("position").expect("a position");
    let array = DenseI64ArrayAttribute::try_from(attribute).expect("an array");
    array.element(0).expect("one number")
}

/// Interesting numbers, and a reproducible stream of others of every size.
fn numbers() -> Vec<i64> {
    let mut list = vec![
        0,
        1,
        -1,
        2,
        -2,
        3,
        -3,
        7,
        -7,
        62,
        63,
        64,
        65,
        i64::MIN,
        i64::MIN + 1,
        i64::MAX,
    ];
    list.extend(
        [53, 62]
            .into_iter()
            .flat_map(|bits| [1 << bits, (1 << bits) + 1, -(1 << bits)]),
    );
    let mut seed: u64 = 0x9E37_79B9_7F4A_7C15;
    for round in 0..48 {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        list.push(seed as i64 >> (round * 4 / 3));
    }
    list
}

fn fits(value: i128) -> Option<Number> {
    i64::try_from(value).ok().map(Int)
}

/// Runs `num.<op>` on all pairs of numbers and compares with the definition, where `None` means
/// that it leaves.
fn check(op: &str, expected: impl Fn(i128, i128) -> Option<Number>) {
    let text = format!(
        "func.func @f(%a: i64, %b: i64) -> {} {{
           %s = py.frame_state 0 locals() stack()
           %r = num.{op} %a, %b at %s
           func.return %r : {0}
         }}",
        if op == "truediv" { "f64" } else { "i64" }
    );
    for_lowered(&text, |evaluator| {
        for lhs in numbers() {
            for rhs in numbers() {
                let got = evaluator.run(&[Int(lhs), Int(rhs)]);
                assert_eq!(got, expected(lhs.into(), rhs.into()), "{lhs} {op} {rhs}");
            }
        }
    });
}

fn for_lowered(text: &str, run: impl FnOnce(&mut Evaluator)) {
    let context = create_context();
    let module = parse_module(&context, text).expect("valid IR");
    let passes = parse_pipeline("lower-num-to-arith").expect("a pass");
    let manager = PassManager::from_passes(passes, RunOptions::verified());
    manager.run(&context, &module, &mut ()).expect("it lowers");
    run(&mut Evaluator::new(&module));
}

/// Rounded down, as in Python.
fn floor_div(lhs: i128, rhs: i128) -> i128 {
    let quotient = lhs / rhs;
    if lhs % rhs != 0 && (lhs < 0) != (rhs < 0) {
        quotient - 1
    } else {
        quotient
    }
}

#[test]
fn sums_and_products_leave_on_overflow() {
    check("add", |lhs, rhs| fits(lhs + rhs));
    check("sub", |lhs, rhs| fits(lhs - rhs));
    check("mul", |lhs, rhs| fits(lhs * rhs));
}

#[test]
fn divisions_round_down_and_leave_on_zero() {
    check("floordiv", |lhs, rhs| {
        (rhs != 0).then(|| floor_div(lhs, rhs)).and_then(fits)
    });
    check("mod", |lhs, rhs| {
        (rhs != 0)
            .then(|| lhs - rhs * floor_div(lhs, rhs))
            .and_then(fits)
    });
}

#[test]
fn constant_divisors_do_the_same() {
    for divisor in [1_i64, 2, 8, 1 << 62, 3, -1, -8] {
        for op in ["floordiv", "mod"] {
            let text = format!(
                "func.func @f(%a: i64) -> i64 {{
                   %s = py.frame_state 0 locals() stack()
                   %b = arith.constant {divisor} : i64
                   %r = num.{op} %a, %b at %s
                   func.return %r : i64
                 }}"
            );
            for_lowered(&text, |evaluator| {
                for lhs in numbers() {
                    let (wide, by) = (i128::from(lhs), i128::from(divisor));
                    let quotient = floor_div(wide, by);
                    let expected = if op == "mod" {
                        wide - by * quotient
                    } else {
                        quotient
                    };
                    assert_eq!(
                        evaluator.run(&[Int(lhs)]),
                        fits(expected),
                        "{lhs} {op} {divisor}"
                    );
                }
            });
        }
    }
}

#[test]
fn shifts_take_any_count() {
    check("shr", |lhs, rhs| {
        (rhs >= 0).then(|| lhs >> rhs.min(100)).and_then(fits)
    });
    check("shl", |lhs, rhs| {
        (0..64).contains(&rhs).then(|| lhs << rhs).and_then(fits)
    });
}

#[test]
fn true_division_is_exact_up_to_53_bits() {
    let exact = |value: i128| value.abs() <= 1 << 53;
    check("truediv", |lhs, rhs| {
        (rhs != 0 && exact(lhs) && exact(rhs)).then(|| Float(lhs as f64 / rhs as f64))
    });
}

#[test]
fn signs_change_but_for_the_least() {
    for (op, expected) in [
        ("neg", (|value| -value) as fn(i128) -> i128),
        ("abs", i128::abs),
    ] {
        let text = format!(
            "func.func @f(%a: i64) -> i64 {{
               %s = py.frame_state 0 locals() stack()
               %r = num.{op} %a at %s
               func.return %r : i64
             }}"
        );
        for_lowered(&text, |evaluator| {
            for value in numbers() {
                let wanted = (value != i64::MIN)
                    .then(|| expected(value.into()))
                    .and_then(fits);
                assert_eq!(evaluator.run(&[Int(value)]), wanted, "{op} {value}");
            }
        });
    }
}

#[test]
fn small_powers_are_products() {
    for exponent in 0..=3 {
        let text = format!(
            "func.func @f(%a: i64) -> i64 {{
               %s = py.frame_state 0 locals() stack()
               %b = arith.constant {exponent} : i64
               %r = num.pow %a, %b at %s
               func.return %r : i64
             }}"
        );
        for_lowered(&text, |evaluator| {
            for value in numbers() {
                let wanted = i64::checked_pow(value, exponent).map(Int);
                assert_eq!(
                    evaluator.run(&[Int(value)]),
                    wanted,
                    "{value} ** {exponent}"
                );
            }
        });
    }
}

#[test]
fn comparisons_with_floats_are_exact() {
    let floats = [
        0.0,
        -0.0,
        0.5,
        -0.5,
        1.0,
        7.0,
        9e15,
        -9e15,
        1e300,
        f64::NAN,
        f64::INFINITY,
    ];
    for predicate in 0..6 {
        let text = format!(
            "func.func @f(%a: i64, %b: f64) -> i1 {{
               %s = py.frame_state 0 locals() stack()
               %r = num.cmp_mixed {predicate}, %a, %b at %s
               func.return %r : i1
             }}"
        );
        for_lowered(&text, |evaluator| {
            for (lhs, rhs) in numbers()
                .into_iter()
                .flat_map(|lhs| floats.map(|rhs| (lhs, rhs)))
            {
                let order = (lhs as f64).partial_cmp(&rhs);
                let holds = match predicate {
                    0 => order == Some(Ordering::Less),
                    1 => matches!(order, Some(Ordering::Less | Ordering::Equal)),
                    2 => order == Some(Ordering::Equal),
                    3 => order != Some(Ordering::Equal),
                    4 => order == Some(Ordering::Greater),
                    _ => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
                };
                let wanted = (lhs.unsigned_abs() <= 1 << 53).then_some(Bool(holds));
                assert_eq!(
                    evaluator.run(&[Int(lhs), Float(rhs)]),
                    wanted,
                    "{lhs} {predicate} {rhs}"
                );
            }
        });
    }
}

#[test]
fn ranges_have_as_many_integers_as_in_python() {
    let text = "func.func @f(%a: i64, %b: i64, %c: i64) -> i64 {
        %s = py.frame_state 0 locals() stack()
        %r = num.range_length %a, %b, %c at %s
        func.return %r : i64
    }";
    let ends = numbers().into_iter().take(26).collect::<Vec<_>>();
    for_lowered(text, |evaluator| {
        for (start, stop) in ends
            .iter()
            .flat_map(|start| ends.iter().map(|stop| (*start, *stop)))
        {
            for step in &ends {
                let got = evaluator.run(&[Int(start), Int(stop), Int(*step)]);
                let wanted = range_length(start.into(), stop.into(), (*step).into());
                assert_eq!(got, wanted, "range({start}, {stop}, {step})");
            }
        }
    });
}

/// `None` for a step of zero and for what CPython walks through with arbitrary integers.
fn range_length(start: i128, stop: i128, step: i128) -> Option<Number> {
    let distance = if step > 0 { stop - start } else { start - stop };
    if step == 0 || distance <= 0 {
        return (step != 0).then_some(Int(0));
    }
    let length = (distance - 1) / step.abs() + 1;
    let beyond = stop + step - step.signum();
    i64::try_from(beyond).ok().and_then(|_| fits(length))
}

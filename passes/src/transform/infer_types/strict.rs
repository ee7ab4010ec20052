//! The modes in which nothing may be an object.

use super::annotate::Facts;
use crate::{
    PassError,
    analysis::{
        branches,
        cfg::Cfg,
        composites,
        fact::{Fact, Kind},
        known::Known,
        literals::{Literal, Number, literal_of},
        numbers,
        operators::BinaryOperator,
    },
    inspect::{defining_op, int_attribute, op_name, result, str_attribute},
    modes::{Mode, Numbers},
    source_location,
};
use melior::ir::{BlockLike, Location, OperationRef, Value, ValueLike, operation::OperationLike};
use stepwell_dialects::ir::{operations, uses};

/// The mode of a function if it is one that has no objects.
fn strict_mode<'c>(function: OperationRef<'c, '_>) -> Option<&'c str> {
    let typed = |name: &&str| Mode::named(name).is_some_and(Mode::is_typed);
    str_attribute(function, "py.mode").filter(typed)
}

/// Whether a function is in a mode that has no objects.
pub(crate) fn is_strict(function: OperationRef) -> bool {
    strict_mode(function).is_some()
}

/// Refuses a generator or coroutine in such a mode: it is an object itself.
pub(super) fn refuse_suspensions(function: OperationRef) -> Result<(), PassError> {
    let kind = str_attribute(function, "py.kind").filter(|kind| *kind != "function");
    match (strict_mode(function), kind) {
        (Some(mode), Some(kind)) => {
            let article = if kind.starts_with('a') { "an" } else { "a" };
            let what = format!("{article} {} is an object", kind.replace('_', " "));
            Err(refusal(mode, &what, function.location()))
        }
        _ => Ok(()),
    }
}

/// Refuses the first op that needs objects.
pub(super) fn check(function: OperationRef, cfg: &Cfg, facts: &Facts) -> Result<(), PassError> {
    let Some(mode) = strict_mode(function) else {
        return Ok(());
    };
    check_literals(function, cfg, mode)?;
    let ops: Vec<_> = cfg
        .reverse_postorder()
        .into_iter()
        .flat_map(operations)
        .collect();
    // What an object comes from explains what becomes of it.
    let sources = ops.iter().filter(|op| is_source(**op, facts));
    for op in sources {
        refuse_objects(mode, *op, facts)?;
    }
    for op in &ops {
        refuse_objects(mode, *op, facts)?;
        check_joins(mode, *op, facts)?;
    }
    let wanted = str_attribute(function, "py.result");
    wanted.map_or(Ok(()), |wanted| check_results(&ops, facts, wanted))
}

/// Refuses a result that is not what the signature says.
fn check_results(ops: &[OperationRef], facts: &Facts, wanted: &str) -> Result<(), PassError> {
    for op in ops.iter().filter(|op| op_name(**op) == "func.return") {
        let kind = op
            .operand(0)
            .map_or(Kind::Object, |value| facts.get(value).kind);
        let optional = Kind::Optional.class_name() == wanted;
        let fits = match kind {
            Kind::Never => true,
            Kind::Float | Kind::None if optional => true,
            kind => kind.class_name() == wanted,
        };
        if !fits {
            let found = kind.class_name();
            return Err(PassError::Unsupported {
                reason: format!("the result is {found}, and the signature says {wanted}"),
                location: source_location(op.location()),
            });
        }
    }
    Ok(())
}

fn refuse_objects(mode: &str, op: OperationRef, facts: &Facts) -> Result<(), PassError> {
    match objection(op, facts) {
        Some(what) => Err(refusal(mode, &what, op.location())),
        None => Ok(()),
    }
}

/// Whether an op makes or loads something without taking an object.
fn is_source(op: OperationRef, facts: &Facts) -> bool {
    let object = |value: &Value| value.r#type().to_string() == "!py.object";
    op.operands()
        .filter(object)
        .all(|value| is_machine(facts.get(value)))
}

/// Refuses an integer that the mode does not hold. What a range is called with may be below zero: a step.
fn check_literals(function: OperationRef, cfg: &Cfg, mode: &str) -> Result<(), PassError> {
    let numbers = Numbers::of(function);
    let known = Known::of(function);
    let ops = cfg.reverse_postorder().into_iter().flat_map(operations);
    for op in ops {
        let Some(literal) = literal_loaded_by(&known, op) else {
            continue;
        };
        if let Some(number) = literal
            .numbers()
            .into_iter()
            .find_map(|number| match number {
                Number::Int(value) if !numbers.holds(value) && !is_step(op) => Some(value),
                _ => None,
            })
        {
            let what = format!("{number} does not fit {}", numbers.integers.name());
            return Err(refusal(mode, &what, op.location()));
        }
        if numbers.single && is_given_away(op, &literal) {
            let what =
                "a float of this tuple has more than 32 bits, and the tuple is not taken apart";
            return Err(refusal(mode, what, op.location()));
        }
    }
    Ok(())
}

/// The number or tuple of numbers that an op loads: a constant, a global, an attribute of a module.
fn literal_loaded_by(known: &Known, op: OperationRef) -> Option<Literal> {
    match op_name(op) {
        "py.constant" => literal_of(op.attribute("value").ok()?),
        "py.load_global" | "py.load_attr" => literal_of(known.number_of(op)?),
        _ => None,
    }
}

/// Whether a tuple goes where it is an object, and is another one than that of the numbers of the mode.
fn is_given_away(op: OperationRef, literal: &Literal) -> bool {
    let rounds = |number: &Number| match number {
        Number::Float(value) => is_rounded(*value),
        Number::Complex(real, imaginary) => is_rounded(*real) || is_rounded(*imaginary),
        Number::Int(_) | Number::Bool(_) => false,
    };
    let users = result(op, 0).map(uses).unwrap_or_default();
    matches!(literal, Literal::Tuple(_))
        && literal.numbers().iter().any(rounds)
        && users.into_iter().any(|(user, _)| {
            matches!(
                op_name(user),
                "func.return" | "py.build_tuple" | "cf.br" | "cf.cond_br"
            )
        })
}

fn is_rounded(value: f64) -> bool {
    !value.is_nan() && f64::from(value as f32) != value
}

/// Whether a constant is only an argument of a call and in frame states.
fn is_step(constant: OperationRef) -> bool {
    let users = result(constant, 0).map(uses).unwrap_or_default();
    users
        .into_iter()
        .all(|(user, _)| matches!(op_name(user), "py.call" | "py.frame_state"))
}

fn refusal(mode: &str, what: &str, location: Location) -> PassError {
    PassError::Unsupported {
        reason: format!("{what}, and mode={mode:?} has no objects; mode=\"auto\" has"),
        location: source_location(location),
    }
}

/// A variable that is one type on one path and another on the next has no native form.
fn check_joins(mode: &str, op: OperationRef, facts: &Facts) -> Result<(), PassError> {
    for edge in branches::edges(op) {
        for (index, value) in edge.values.iter().enumerate() {
            let joined = edge
                .target
                .argument(index)
                .map(|argument| facts.get(argument.into()));
            let own = facts.get(*value);
            if joined.is_ok_and(|joined| joined.kind == Kind::Object) && own.is_native() {
                let what = format!("{} has values of different types", describe(*value));
                return Err(refusal(mode, &what, op.location()));
            }
        }
    }
    Ok(())
}

fn describe(value: Value) -> String {
    let location = value.location();
    if location.is_name() {
        let name = location.name_value();
        return format!("`{}`", name.as_string_ref().as_str().unwrap_or("?"));
    }
    "a value".to_owned()
}

/// What an op needs objects for, if it does.
pub(super) fn objection(op: OperationRef, facts: &Facts) -> Option<String> {
    let name = op_name(op);
    let operand = |index| {
        op.operand(index)
            .map_or(Fact::OBJECT, |value| facts.get(value))
    };
    let typed = result(op, 0).is_some_and(|value| is_machine(facts.get(value)));
    let is_tuple = result(op, 0).is_some_and(|value| facts.get(value).kind == Kind::Tuple);
    match name {
        "py.binary" | "py.unary" | "py.compare" => (!typed).then(|| operator_text(op, facts)),
        "py.truth" => match operand(0).kind {
            kind @ (Kind::Pointer | Kind::Vec4f | Kind::Vec8i | Kind::Mask4 | Kind::Mask8) => {
                Some(format!("the truth of a {}", kind.class_name()))
            }
            _ => (!is_machine(operand(0))).then(|| "the truth of an object".to_owned()),
        },
        "py.store_subscr" if stores_number(&operand) => None,
        "py.constant" if is_tuple || is_in_states_alone(op) => None,
        "py.constant" => (!typed).then(|| "this constant is an object".to_owned()),
        "func.return" if operand(0).kind == Kind::Tuple => None,
        "func.return" => (!is_machine(operand(0))).then(|| "the result is an object".to_owned()),
        "py.load_global"
        | "py.load_attr"
        | "py.load_method"
        | "py.call"
        | "py.call_intrinsic_1"
        | "py.get_iter"
        | "py.for_iter"
        | "py.load_subscr"
        | "py.unpack_sequence"
            if typed =>
        {
            None
        }
        // Tuples of numbers.
        "py.call" | "py.load_global" | "py.load_attr" | "py.load_subscr" | "py.for_iter"
            if is_tuple =>
        {
            None
        }
        "py.contains" if facts.noted(op).is_some() => None,
        // It is made of numbers, for whoever called.
        "py.build_tuple" if is_of_machine(op, facts) => None,
        "py.load_global" | "py.load_deref" | "py.load_name" | "py.load_attr" | "py.load_method" => {
            let what = str_attribute(op, "name").unwrap_or("a name");
            Some(format!("`{what}` is an object"))
        }
        "py.call" => Some(call_text(op, facts)),
        "py.call_ex" => Some("this calls an object".to_owned()),
        "py.for_iter" if operand(0).kind == Kind::RangeIterator => {
            Some("the items of this tuple are of different types".to_owned())
        }
        "py.get_iter" | "py.for_iter" => Some("this loops over an object".to_owned()),
        "py.exit" => str_attribute(op, "reason").map(|reason| format!("{reason}, here")),
        _ if NEUTRAL.contains(&name) || !name.starts_with("py.") => None,
        _ => Some(phrase(name)),
    }
}

/// Whether a constant is there for frame states alone: the names of keywords.
fn is_in_states_alone(constant: OperationRef) -> bool {
    let users = result(constant, 0).map(uses).unwrap_or_default();
    users
        .into_iter()
        .all(|(user, _)| op_name(user) == "py.frame_state")
}

/// What a call of something that is known does with its arguments.
fn call_text(call: OperationRef, facts: &Facts) -> String {
    let callee = call.operand(0).ok();
    let is_known = callee.is_some_and(|callee| facts.get(callee).kind == Kind::Type);
    let name = callee.and_then(defining_op);
    let name = name
        .and_then(|op| str_attribute(op, "name"))
        .filter(|_| is_known);
    let kinds: Vec<_> = numbers::arguments(call)
        .into_iter()
        .map(|value| facts.get(value).kind.class_name())
        .collect();
    match name {
        Some(name) if kinds.is_empty() => format!("`{name}()` yields an object"),
        Some(name) => format!("`{name}` of {} yields an object", kinds.join(" and ")),
        None => "this calls an object".to_owned(),
    }
}

/// Whether a `py.build_tuple` takes machine values only.
fn is_of_machine(op: OperationRef, facts: &Facts) -> bool {
    let items = op.operands().take(op.operand_count().saturating_sub(1));
    let mut kinds = items.map(|item| facts.get(item));
    kinds.all(|fact| is_machine(fact) || fact.kind == Kind::Tuple)
}

/// Whether a `py.store_subscr` writes a number to memory.
fn stores_number(operand: &impl Fn(usize) -> Fact) -> bool {
    let (base, index, value) = (operand(0).kind, operand(1).kind, operand(2).kind);
    composites::subscript(base, index) == Some(Kind::Float)
        && base == Kind::Pointer
        && matches!(value, Kind::Float | Kind::Int | Kind::Bool)
}

/// What ops are in Python's words, as far as a function that computes with numbers may use them.
const PHRASES: [(&str, &str); 9] = [
    ("py.build", "a container is an object"),
    ("py.list", "a list is an object"),
    ("py.load_subscr", "what is subscripted is an object"),
    ("py.store_subscr", "what is subscripted is an object"),
    (
        "py.push_exc_info",
        "an exception that is handled is an object",
    ),
    ("py.raise", "an exception is an object"),
    ("py.load_assertion_error", "an exception is an object"),
    ("py.make", "a function is an object"),
    ("py.import", "a module is an object"),
];

fn phrase(op: &str) -> String {
    let known = PHRASES.iter().find(|(start, _)| op.starts_with(start));
    let own = || {
        format!(
            "{} works on objects",
            op.trim_start_matches("py.").replace('_', " ")
        )
    };
    known.map_or_else(own, |(_, phrase)| (*phrase).to_owned())
}

/// Ops that are as good on native values as on objects.
const NEUTRAL: [&str; 11] = [
    "py.none",
    "py.null",
    "py.frame_state",
    "py.poll",
    "py.check_frame",
    "py.store_local",
    "py.check_bound",
    "py.box",
    "py.is",
    "py.fetch_exception",
    "py.propagate",
];

/// Native, or something that needs no object at run time: `None` and what belongs to a range loop.
fn is_machine(fact: Fact) -> bool {
    let kind = fact.kind;
    kind.is_native()
        || matches!(
            kind,
            Kind::None | Kind::Type | Kind::Range | Kind::RangeIterator | Kind::Never
        )
}

fn operator_text(op: OperationRef, facts: &Facts) -> String {
    let kinds: Vec<_> = op
        .operands()
        .filter(|value| value.r#type().to_string() == "!py.object")
        .map(|value| facts.get(value).kind.class_name())
        .collect();
    format!(
        "`{}` on {} yields an object",
        operator_symbol(op),
        kinds.join(" and ")
    )
}

/// The operator as it is written.
fn operator_symbol(op: OperationRef) -> &'static str {
    const COMPARISONS: [&str; 6] = ["<", "<=", "==", "!=", ">", ">="];
    let number = int_attribute(op, "kind").unwrap_or(-1);
    match op_name(op) {
        "py.binary" => BinaryOperator::from_number(number).map_or("?", BinaryOperator::symbol),
        "py.unary" => {
            if number == 1 {
                "~"
            } else {
                "-"
            }
        }
        _ => usize::try_from(number)
            .ok()
            .and_then(|index| COMPARISONS.get(index))
            .unwrap_or(&"?"),
    }
}

//! The examples in the descriptions of the ops, made into functions that can be parsed.

use crate::ods_records::{Op, Operand};
use std::fmt::Write;

/// The code spans behind the word `Example` in a description.
pub fn in_description(description: &str) -> Vec<&str> {
    let Some((_, rest)) = description.split_once("Example") else {
        return Vec::new();
    };
    rest.split('`').skip(1).step_by(2).collect()
}

/// The same example under a handler: with the result `raised`.
pub fn under_handler(example: &str) -> String {
    match example.split_once(" = ") {
        Some((results, op)) => format!("{results}, %raised = {op} catch i1"),
        None => format!("%raised = {example} catch i1"),
    }
}

/// A function around an example, which defines the values and blocks that the example names.
pub fn in_function(op: &Op, example: &str) -> String {
    let mut text = String::from("func.func @example() {\n");
    for (name, r#type) in operand_names(example)
        .iter()
        .zip(operand_types(op, example))
    {
        let cast = "\"builtin.unrealized_conversion_cast\"()";
        writeln!(text, "  {name} = {cast} : () -> {type}").expect("a string takes it");
    }
    writeln!(text, "  {example}").expect("a string takes it");
    if !op.is_terminator() {
        text.push_str("  py.propagate\n");
    }
    for block in names_after(example, '^') {
        writeln!(text, "{block}:\n  py.propagate").expect("a string takes it");
    }
    text.push('}');
    text
}

fn operand_names(example: &str) -> Vec<String> {
    let (_, op) = example.split_once(" = ").unwrap_or(("", example));
    names_after(op, '%')
}

fn names_after(text: &str, sigil: char) -> Vec<String> {
    let name = |rest: &str| -> String {
        rest.chars()
            .take_while(|char| char.is_alphanumeric() || *char == '_')
            .collect()
    };
    text.split(sigil)
        .skip(1)
        .map(|rest| format!("{sigil}{}", name(rest)))
        .collect()
}

/// The type of every operand in the example. What ODS leaves open is in the types behind the colon.
fn operand_types(op: &Op, example: &str) -> Vec<String> {
    let operands = op.operands();
    let given = operand_names(example).len();
    let mut variadics = operands.iter().filter(|operand| operand.variadic).count();
    // They share the operands that are left, as evenly as can be.
    let mut spread = given.saturating_sub(operands.len() - variadics);
    let mut open = types_in_text(example).into_iter();
    let mut types = Vec::new();
    for operand in operands {
        let count = if operand.variadic {
            let share = spread.div_ceil(variadics);
            spread -= share;
            variadics -= 1;
            share
        } else {
            1
        };
        for _ in 0..count {
            if types.len() < given {
                let r#type = fixed_type(operand).map(str::to_owned);
                types.push(
                    r#type
                        .or_else(|| open.next())
                        .expect("a type in the example"),
                );
            }
        }
    }
    types
}

fn fixed_type(operand: Operand) -> Option<&'static str> {
    match operand.constraint {
        "Python object" => Some("!py.object"),
        "frame state" => Some("!py.state"),
        "1-bit signless integer" => Some("i1"),
        "64-bit signless integer" => Some("i64"),
        "64-bit float" => Some("f64"),
        "complex type with 64-bit float elements" => Some("complex<f64>"),
        _ => None,
    }
}

fn types_in_text(example: &str) -> Vec<String> {
    let types = example.rsplit_once(" : ").or(example.rsplit_once(", ("));
    let (_, types) = types.unwrap_or_default();
    let mut depth = 0;
    types
        .split(|char| {
            // What is between angle brackets belongs to one type. The arrow has one as well.
            match char {
                '<' => depth += 1,
                '>' if depth > 0 => depth -= 1,
                _ => {}
            }
            depth == 0 && [',', '(', ')', ' '].contains(&char)
        })
        .filter(|word| !word.is_empty() && *word != "->")
        .map(str::to_owned)
        .collect()
}

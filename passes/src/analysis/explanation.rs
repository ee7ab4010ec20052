//! What each source line of a function became: machine values, calls on objects, exits.
//!
//! An [`Explainer`] looks on while the pipeline runs: at level `typed` it sees what is native, and behind `expand-edges`
//! for which reasons a line can leave, in the words that the statistics count them by.

use crate::{
    Level, Observer, PassReport,
    collections::{IndexMap, IndexSet},
    inspect::{op_name, str_attribute},
    source::source_line,
    transform::expand_edges::{LOCALS_WRITTEN, MONITORED},
};
use melior::ir::{
    BlockLike, Location, Module, OperationRef, Value, ValueLike, operation::OperationLike,
};
use std::collections::BTreeMap;
use stepwell_dialects::{
    ir::{blocks, functions, operations, uses},
    ownership::op_info,
};

/// The type of a local that is a Python object.
const OBJECT: &str = "object";

/// What one source line became.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Whether it computes on machine values.
    pub is_native: bool,
    /// The ops that work on Python objects, with the name that they are about: `load_attr append`.
    pub objects: IndexSet<String>,
    /// Why the line is left to the interpreter, where it always is.
    pub left: IndexSet<String>,
    /// The reasons for which the line can go on in the interpreter.
    pub guards: IndexSet<String>,
    /// The types of the locals that are bound there: MLIR's for a machine value, else `object`.
    pub types: IndexMap<String, String>,
}

/// Looks at the levels and keeps what there is to tell of each line.
#[derive(Debug, Default)]
pub struct Explainer {
    lines: BTreeMap<i64, Line>,
}

impl Explainer {
    /// The lines that have anything to tell, by number.
    pub fn into_lines(mut self) -> BTreeMap<i64, Line> {
        self.lines
            .retain(|number, line| *number > 0 && *line != Line::default());
        self.lines
    }

    fn line(&mut self, location: Location) -> &mut Line {
        self.lines.entry(source_line(location)).or_default()
    }

    fn look_at_function(&mut self, function: OperationRef) {
        let Ok(region) = function.region(0) else {
            return;
        };
        for block in blocks(region) {
            for index in 0..block.argument_count() {
                self.bind(block.argument(index).map(Value::from).ok());
            }
            for op in operations(block) {
                self.look_at(op);
            }
        }
    }

    fn look_at(&mut self, op: OperationRef) {
        // Where an array's elements are is no local; these ops stand in front of another, with its location.
        if op_name(op) != "py.describe" {
            for result in op.results() {
                self.bind(Some(result.into()));
            }
        }
        let location = op.location();
        match Class::of(op) {
            Class::Neutral => {}
            Class::Native => self.line(location).is_native = true,
            Class::Object => {
                self.line(location).objects.insert(about(op));
            }
            Class::Left => {
                let reason = str_attribute(op, "reason").unwrap_or("exit");
                self.line(location).left.insert(reason.to_owned());
            }
        }
        match op_name(op) {
            "py.store_local" => {
                let name = str_attribute(op, "name").unwrap_or_default();
                self.typed(location, name, OBJECT);
            }
            "py.describe" => {
                let array = op.operand(0).ok().and_then(name_of);
                let text = str_attribute(op, "array").unwrap_or_default();
                self.typed(location, &array.unwrap_or_default(), text);
            }
            _ => {}
        }
    }

    /// Keeps the machine type of a value that is a local.
    fn bind(&mut self, value: Option<Value>) {
        let native = value.filter(|value| is_native(*value));
        if let Some((value, name)) = native.and_then(|value| Some((value, name_of(value)?))) {
            self.typed(value.location(), &name, &value.r#type().to_string());
        }
    }

    fn typed(&mut self, location: Location, name: &str, text: &str) {
        let types = &mut self.line(location).types;
        types.insert(name.to_owned(), text.to_owned());
    }

    /// Forgets names that are no locals of the source, such as the counter that a loop has beside its variable.
    fn forget_our_names(&mut self, function: OperationRef) {
        let Some(locals) = locals(function) else {
            return;
        };
        for line in self.lines.values_mut() {
            line.types.retain(|name, _| locals.contains(name));
        }
    }
}

impl Observer for Explainer {
    fn compares(&self) -> bool {
        false
    }

    fn after_pass(&mut self, report: PassReport, module: &Module) {
        if report.name != "expand-edges" {
            return;
        }
        for function in functions(module) {
            let Ok(region) = function.region(0) else {
                continue;
            };
            for op in blocks(region).into_iter().flat_map(operations) {
                let reason = str_attribute(op, "reason").filter(|reason| {
                    // A debugger can come at any time; that says nothing of the line.
                    op_name(op) == "py.exit" && ![LOCALS_WRITTEN, MONITORED].contains(reason)
                });
                let line = self.line(op.location());
                if let Some(reason) = reason.filter(|reason| !line.left.contains(*reason)) {
                    line.guards.insert(reason.to_owned());
                }
            }
        }
    }

    fn at_level(&mut self, level: Level, module: &Module) {
        if level == Level::Typed {
            for function in functions(module) {
                self.look_at_function(function);
                self.forget_our_names(function);
            }
        }
    }
}

/// What an op does, for whoever reads the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    /// Bookkeeping, and what costs nothing where it matters.
    Neutral,
    Native,
    Object,
    Left,
}

impl Class {
    fn of(op: OperationRef) -> Self {
        let name = op_name(op);
        let dialect = name.split('.').next().unwrap_or_default();
        match (dialect, name) {
            (_, "arith.constant" | "num.guard" | "py.poll" | "py.store_local") => Self::Neutral,
            (_, "py.exit") => Self::Left,
            (_, "py.element" | "py.set_element" | "py.call_this") => Self::Native,
            (_, "py.next_item" | "py.read_attr" | "py.read_deref" | "py.read_item") => Self::Native,
            (_, "py.write_attr" | "py.write_deref" | "py.write_item") => Self::Native,
            ("arith" | "math" | "complex" | "memref" | "vector" | "num", _) => Self::Native,
            (_, "py.peek_attr" | "py.poke_attr") => Self::Object,
            (_, "py.try_binary" | "py.try_compare" | "py.try_subscr" | "py.try_truth") => {
                Self::Object
            }
            (_, "py.load_global") if is_only_compared(op) => Self::Neutral,
            ("py", _) => match op_info(name).is_some_and(|info| info.raises || info.observes) {
                true => Self::Object,
                false => Self::Neutral,
            },
            _ => Self::Neutral,
        }
    }
}

/// Whether a global is loaded only to see that it is still what was compiled for.
fn is_only_compared(op: OperationRef) -> bool {
    let mut users = op
        .results()
        .flat_map(|result| uses(result.into()))
        .map(|(user, _)| op_name(user));
    users.all(|user| matches!(user, "py.guard_identity" | "py.frame_state"))
}

/// The op's name without its dialect, and the name that it is about.
fn about(op: OperationRef) -> String {
    let name = op_name(op).trim_start_matches("py.");
    match str_attribute(op, "name") {
        Some(about) => format!("{name} {about}"),
        None => name.to_owned(),
    }
}

fn is_native(value: Value) -> bool {
    let text = value.r#type().to_string();
    !text.starts_with('!')
}

/// The name of the local that a value is.
fn name_of(value: Value) -> Option<String> {
    let location = value.location();
    let name = location.is_name().then(|| location.name_value())?;
    name.as_string_ref().as_str().ok().map(str::to_owned)
}

fn locals(function: OperationRef) -> Option<IndexSet<String>> {
    use melior::ir::attribute::{ArrayAttribute, StringAttribute};
    let names = ArrayAttribute::try_from(function.attribute("py.locals").ok()?).ok()?;
    (0..names.len())
        .map(|index| {
            let name = StringAttribute::try_from(names.element(index).ok()?).ok()?;
            Some(name.value().to_owned())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{PassManager, RunOptions};
    use stepwell_dialects::ir::{create_context, parse_module};

    const ADD: &str = r#"
        func.func @f(%a: !py.object loc("a"("f.py":1:1)), %b: !py.object loc("b"("f.py":1:1))) -> !py.object
            attributes {py.argcount = 2 : i32, py.kind = "function", py.locals = ["a", "b", "c"], py.mode = "auto",
                        py.param_types = [i64, !py.object], py.qualname = "f"} {
          %null = py.null
          %0 = py.frame_state 4 locals(%a, %b, %null) stack(%a, %a)
            : (!py.object, !py.object, !py.object), (!py.object, !py.object)
          %c = py.binary add %a, %a at %0 loc("c"("f.py":2:5))
          %1 = py.frame_state 8 locals(%a, %b, %null) stack(%c) : (!py.object, !py.object, !py.object), (!py.object)
          py.store_local 2 "c", %c at %1 loc("f.py":2:1)
          %2 = py.frame_state 12 locals(%a, %b, %c) stack(%b) : (!py.object, !py.object, !py.object), (!py.object)
          %d = py.load_attr %b, 0 "d" at %2 loc("f.py":3:5)
          %3 = py.frame_state 16 locals(%a, %b, %c) stack(%d, %c)
            : (!py.object, !py.object, !py.object), (!py.object, !py.object)
          %e = py.binary multiply %d, %c at %3 loc("f.py":3:5)
          func.return %e : !py.object loc("f.py":3:1)
        }"#;

    #[test]
    fn each_line_tells_what_it_became() {
        let context = create_context();
        let module = parse_module(&context, ADD).expect("valid IR");
        let mut explainer = Explainer::default();
        PassManager::to_level(Level::Calls, RunOptions::verified())
            .run(&context, &module, &mut explainer)
            .expect("it is lowered");
        let lines = explainer.into_lines();
        let added = &lines[&2];
        assert!(added.is_native && added.objects.is_empty());
        assert_eq!(added.types["c"], "i64");
        assert_eq!(added.guards.len(), 1, "{added:?}");
        let multiplied = &lines[&3];
        assert!(!multiplied.is_native);
        assert_eq!(
            multiplied.objects.iter().collect::<Vec<_>>(),
            ["load_attr d", "binary"]
        );
    }
}

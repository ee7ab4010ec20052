//! What a function is likely to meet, for the passes to guess from: what is in the sequences that it was called with, what
//! attributes and methods of the names that it uses were seen to yield, and what the functions that it names say they
//! return. Nothing relies on it without a check.

use crate::{
    function::code_of,
    units::{Settings, unit_of},
};
use indexmap::IndexMap;
use melior::{
    Context,
    ir::{
        Attribute, Module,
        attribute::{ArrayAttribute, StringAttribute},
        operation::{OperationMutLike, OperationRefMut},
    },
};
use pyo3::{
    prelude::*,
    types::{
        PyBool, PyComplex, PyDict, PyFloat, PyFunction, PyInt, PyList, PyString, PyTuple, PyType,
    },
};
use std::collections::BTreeMap;
use stepwell_dialects::ir::functions;
use stepwell_runtime::{
    object::Object,
    profile::{self, ATTRIBUTES, Profile, RESULTS},
    seen::{Place, Seen},
};

/// Words for the passes, in the form in which they read them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hints {
    /// For each parameter what its sequence holds, or nothing.
    items: Vec<String>,
    /// Globals, each with the number that a call of it yields.
    results: Vec<String>,
    /// Attributes, each with the number that it most likely is.
    attributes: Vec<String>,
    /// Attributes, each with what the sequence holds that it most likely is.
    attribute_items: Vec<String>,
    /// Methods, each with the number that a call of it most likely yields.
    methods: Vec<String>,
    /// Free variables, each with the number that it was.
    free: Vec<String>,
    /// Instructions, each with the number that it always met.
    seen: Vec<String>,
    /// Whether guesses have proved wrong.
    none: bool,
}

/// Deeper sequences are not looked into.
const DEEPEST: usize = 3;

impl Hints {
    /// Looks at the arguments of a call, and at the globals that the function names.
    pub fn of(function: &Bound<'_, PyFunction>, arguments: &[Object]) -> PyResult<Self> {
        let py = function.py();
        let items = arguments.iter().map(|argument| {
            // SAFETY: each is null or a live object, which the call holds.
            let argument = unsafe { Bound::from_borrowed_ptr_or_opt(py, argument.cast()) };
            argument
                .and_then(|argument| items(&argument, 0))
                .unwrap_or_default()
        });
        Ok(Self {
            items: items.collect(),
            results: results(function)?,
            attribute_items: look_around(function, arguments)?,
            attributes: words(function, &ATTRIBUTES)?,
            methods: words(function, &RESULTS)?,
            free: free(function)?,
            seen: Vec::new(),
            none: false,
        })
    }

    /// Adds what baseline code met.
    pub fn with_seen(self, seen: BTreeMap<Place, Seen>) -> Self {
        let word = |((offset, number), seen): (Place, Seen)| {
            let source = if seen.in_sequence { " sequence" } else { "" };
            format!("{offset}:{number} {}{source}", seen.word)
        };
        Self {
            seen: seen.into_iter().map(word).collect(),
            ..self
        }
    }

    /// Whether others say the same, but for what is in the sequences that are attributes: that changes all the time. Baseline
    /// code is there no more when it is asked.
    pub fn says_the_same_as(&self, other: &Self) -> bool {
        let without_items = |hints: &Self| Self {
            attribute_items: Vec::new(),
            seen: Vec::new(),
            ..hints.clone()
        };
        without_items(self) == without_items(other)
    }

    /// What a function of a typed mode may rely on: the results of the typed functions that it names.
    pub fn of_typed(function: &Bound<'_, PyFunction>) -> PyResult<Self> {
        let callees = |callee: &Bound<'_, PyFunction>| -> PyResult<Option<String>> {
            let code = code_of(callee)?;
            let settings = unit_of(&code).and_then(Settings::of);
            Ok(settings.and_then(Settings::result))
        };
        Ok(Self {
            results: named_functions(function, callees)?,
            ..Self::default()
        })
    }

    /// That there shall be no guesses but those about attributes.
    pub fn of_attributes(function: &Bound<'_, PyFunction>, arguments: &[Object]) -> PyResult<Self> {
        look_around(function, arguments)?;
        Ok(Self {
            none: true,
            attributes: words(function, &ATTRIBUTES)?,
            ..Self::default()
        })
    }

    /// Writes them on the functions of a module.
    pub fn write<'c>(&self, context: &'c Context, module: &Module<'c>) {
        let list = |words: &[String]| -> Attribute<'c> {
            let words: Vec<_> = words
                .iter()
                .map(|word| StringAttribute::new(context, word).into())
                .collect();
            ArrayAttribute::new(context, &words).into()
        };
        for op in functions(module) {
            // SAFETY: the op is alive, and nobody else holds a mutable reference to it.
            let mut op = unsafe { OperationRefMut::from_raw(op.to_raw()) };
            if self.none {
                op.set_attribute("py.no_guesses", Attribute::unit(context));
            }
            if self.items.iter().any(|word| !word.is_empty()) {
                op.set_attribute("py.param_items", list(&self.items));
            }
            let named = [
                ("py.results", &self.results),
                ("py.attributes", &self.attributes),
                ("py.attribute_items", &self.attribute_items),
                ("py.methods", &self.methods),
                ("py.free", &self.free),
                ("py.seen", &self.seen),
            ];
            for (name, words) in named.into_iter().filter(|(_, words)| !words.is_empty()) {
                op.set_attribute(name, list(words));
            }
        }
    }
}

/// Longer tuples are looked at as if all their items were like the first.
const LONGEST: usize = 8;

/// `list f64` for a sequence whose first item is a float, `list list f64` when that is a sequence of floats, `row 2 f64 i64`
/// for a tuple of a float and an integer.
fn items(value: &Bound<'_, PyAny>, depth: usize) -> Option<String> {
    let of = |item: &Bound<'_, PyAny>| match kind(item) {
        Some(kind) => Some(kind.to_owned()),
        None if depth < DEEPEST => items(item, depth + 1),
        None => None,
    };
    if let Ok(list) = value.cast_exact::<PyList>() {
        return Some(format!("list {}", of(&list.get_item(0).ok()?)?));
    }
    let tuple = value.cast_exact::<PyTuple>().ok()?;
    let first = of(&tuple.get_item(0).ok()?);
    if tuple.len() > LONGEST {
        return Some(format!("list {}", first?));
    }
    let words: Vec<_> = tuple.iter().map(|item| of(&item)).collect();
    if words.iter().all(|word| *word == first) {
        return Some(format!("list {}", first?));
    }
    let words = words.iter().map(|word| word.as_deref().unwrap_or("object"));
    let words: Vec<_> = words.collect();
    Some(format!("row {} {}", words.len(), words.join(" ")))
}

fn kind(value: &Bound<'_, PyAny>) -> Option<&'static str> {
    if value.is_exact_instance_of::<PyFloat>() {
        Some("f64")
    } else if value.is_exact_instance_of::<PyInt>() {
        Some("i64")
    } else if value.is_exact_instance_of::<PyBool>() {
        Some("i1")
    } else if value.is_exact_instance_of::<PyComplex>() {
        Some("complex<f64>")
    } else {
        None
    }
}

/// How many objects are looked at.
const MOST_OBJECTS: usize = 32;

/// Looks at the arguments of a call, and at what those have, for the attributes that a function names, and notes which are
/// numbers. Those that are sequences, each with what it holds.
fn look_around(function: &Bound<'_, PyFunction>, arguments: &[Object]) -> PyResult<Vec<String>> {
    let py = function.py();
    let names = names(function)?;
    let mut objects: Vec<Bound<'_, PyAny>> = arguments
        .iter()
        // SAFETY: each is null or a live object, which the call holds.
        .filter_map(|argument| unsafe { Bound::from_borrowed_ptr_or_opt(py, argument.cast()) })
        .collect();
    let mut sequences: IndexMap<String, Option<String>> = IndexMap::new();
    let mut next = 0;
    while let Some(object) = objects.get(next).cloned() {
        next += 1;
        if let Ok(list) = object.cast_exact::<PyList>() {
            objects.extend(list.get_item(0).ok().filter(|_| next < MOST_OBJECTS));
            continue;
        }
        for name in names.iter() {
            // SAFETY: the objects are alive, and the GIL is held.
            let value = unsafe {
                let value = profile::look_at(object.as_ptr().cast(), name.as_ptr().cast());
                value.map(|value| Bound::from_borrowed_ptr(py, value.cast()))
            };
            let value = value.filter(|value| kind(value).is_none());
            if let Some(held) = value.as_ref().and_then(|value| items(value, 0)) {
                let known = sequences.entry(name.extract()?);
                let same = known.or_insert_with(|| Some(held.clone()));
                *same = same.take().filter(|known| *known == held);
            }
            objects.extend(value.filter(|_| objects.len() < MOST_OBJECTS));
        }
    }
    let sequences = sequences.into_iter();
    let rows = sequences.filter_map(|(name, held)| Some(format!("{name} {}", held?)));
    Ok(rows.collect())
}

/// The free variables that are numbers now.
fn free(function: &Bound<'_, PyFunction>) -> PyResult<Vec<String>> {
    let code = code_of(function)?;
    let names: Vec<String> = code.getattr("co_freevars")?.extract()?;
    let closure = function.getattr("__closure__")?;
    let Ok(cells) = closure.cast_exact::<PyTuple>() else {
        return Ok(Vec::new());
    };
    let word = |(name, cell): (String, Bound<'_, PyAny>)| {
        // A cell can be empty.
        let value = cell.getattr("cell_contents").ok()?;
        kind(&value).map(|kind| format!("{name} {kind}"))
    };
    Ok(names
        .into_iter()
        .zip(cells.iter())
        .filter_map(word)
        .collect())
}

/// The names of a function that a profile has a word for, each with that.
fn words(function: &Bound<'_, PyFunction>, profile: &Profile) -> PyResult<Vec<String>> {
    let mut rows = Vec::new();
    for name in names(function)?.iter() {
        let name = name.cast::<PyString>()?.to_str()?;
        rows.extend(profile.word(name).map(|word| format!("{name} {word}")));
    }
    Ok(rows)
}

fn names<'py>(function: &Bound<'py, PyFunction>) -> PyResult<Bound<'py, PyTuple>> {
    let code = function.getattr("__code__")?;
    Ok(code.getattr("co_names")?.cast_into::<PyTuple>()?)
}

/// The functions among the globals that say they return a number, or did when they were compiled.
fn results(function: &Bound<'_, PyFunction>) -> PyResult<Vec<String>> {
    named_functions(function, |callee| {
        let annotations = callee.getattr("__annotations__")?;
        let Ok(annotations) = annotations.cast_exact::<PyDict>() else {
            return Ok(None);
        };
        let said = annotations.get_item("return")?;
        let kind = match &said {
            Some(said) => number_class(said),
            None => RESULTS.word(&code_of(callee)?.getattr("co_name")?.extract::<String>()?),
        };
        Ok(kind.map(str::to_owned))
    })
}

/// The functions among the globals, each with the word that is found for it.
fn named_functions(
    function: &Bound<'_, PyFunction>,
    word: impl Fn(&Bound<'_, PyFunction>) -> PyResult<Option<String>>,
) -> PyResult<Vec<String>> {
    let names = names(function)?;
    let globals = function.getattr("__globals__")?;
    let Ok(globals) = globals.cast_exact::<PyDict>() else {
        return Ok(Vec::new());
    };
    let mut rows = Vec::new();
    for name in names.iter() {
        let Some(callee) = globals.get_item(&name)? else {
            continue;
        };
        let Ok(callee) = callee.cast_exact::<PyFunction>() else {
            continue;
        };
        if let Some(kind) = word(callee)? {
            rows.push(format!("{} {kind}", name.cast::<PyString>()?.to_str()?));
        }
    }
    Ok(rows)
}

/// The kind that an annotation names, as a class or in quotes.
fn number_class(said: &Bound<'_, PyAny>) -> Option<&'static str> {
    let name = match said.cast_exact::<PyType>() {
        Ok(class) => class.name().ok()?.to_string(),
        Err(_) => said.cast_exact::<PyString>().ok()?.to_string(),
    };
    match name.as_str() {
        "float" => Some("f64"),
        "int" => Some("i64"),
        "bool" => Some("i1"),
        "complex" => Some("complex<f64>"),
        _ => None,
    }
}

//! `docs/modes.md` is what the table of modes says, and there is one way down for all of them.
//!
//! `make docs`, which sets `STEPWELL_BLESS`, writes it anew.

use crate::root;
use std::{env, fs};
use stepwell_passes::{
    modes::{MODES, Mode, Parameter},
    pipeline::PIPELINE,
};

const HEAD: &str = "\
<!-- Written by `make docs` from the table in passes/src/modes.rs. -->

# Modes

`stepwell.jit(mode=...)` says what the parameters of a function are and how it computes. `auto` and `object` behave as
CPython does in everything and return the function itself. The others, the *typed* modes, compute on machine values alone and
return a new function: what they cannot type is refused with its source line (`UnsupportedError`), and never interpreted
instead.

There is one compiler for all of them. A mode is a row of a table: the types that inference begins with, and how numbers are
held. The passes are the same.

";

const SIGNATURES: &str = "
In a typed mode annotations (`int`, `float`, `bool`, `complex`) override the type of a parameter, and a signature gives them
all: `jit(signature=\"f8(f8, i8)\")`, or several of them, of which the first one that takes the arguments is called. The
result may be left out. Integers of one function have one width, and so have floats. Without `lazy=True` a typed function is
compiled, and refused, where it is decorated.

`overflow=` chooses what happens to an integer that needs more bits: `exact` (the interpreter goes on, exactly), `raise`
(OverflowError with the line) or `wrap`. A mode that computes by other rules than CPython's has no `exact`, because nobody could
go on for it.

Typed functions are made of numbers:

- loops over `range` and `while`, both with `else`, and over tuples of numbers of one type, or of tuples of such numbers that
  are taken apart (`for dx, dy in ((0, 1), (1, 0)):`);
- choices (`a if c else b`, `a or b`, `a and b`), chained comparisons, `in` a tuple of numbers;
- tuples whose items are known one by one: taken apart (`a, b = b, a % b`), subscripted, returned, and as arguments of `sum`,
  `min`, `max`, `len`, `any`, `all`, `math.fsum`, `prod`, `dist` and `sumprod`;
- every function of `math` and `cmath` on numbers, with keywords where it has some; those that return a tuple (`math.modf`,
  `math.frexp`, `cmath.polar`, `divmod`) return one whose items are known;
- `abs`, `min`, `max`, `round`, `pow`, `int`, `float`, `bool`, `complex` in all their forms for numbers;
- constants: numbers and tuples of numbers, from the source, from globals, and from modules (`math.pi`, `sys.maxsize`);
- calls of themselves and of other typed functions by their global names.

A function of `int`, `float` or `bool` that calls itself and has no loop does so in machine code; in all other calls arguments
and result are objects, and the result is checked. A tuple that is not returned or kept in a variable is not made. `x in t`
compares numbers, and finds a NaN where it is the same variable. Containers, text, attributes, `assert` and `raise`, and
variables that hold different types on different paths are refused, and so are `min` and `max` of numbers of different types,
whose result could be either.

";

#[test]
fn page_is_current() {
    let path = root().join("docs/modes.md");
    let page = page();
    if env::var_os("STEPWELL_BLESS").is_some() {
        fs::write(&path, page).expect("the page can be written");
        return;
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page, "docs/modes.md is stale: run `make docs`");
}

#[test]
fn page_is_linked() {
    for (from, link) in [
        ("README.md", "(docs/modes.md)"),
        ("ARCHITECTURE.md", "docs/modes.md"),
    ] {
        let text = fs::read_to_string(root().join(from)).expect("the page can be read");
        assert!(text.contains(link), "{from} does not link to docs/modes.md");
    }
}

/// Fourteen rows, and a pipeline in which no pass is for one of them.
#[test]
fn there_is_one_way_down() {
    assert_eq!(MODES.len(), 14);
    let passes: Vec<_> = PIPELINE.iter().flat_map(|stage| stage.passes).collect();
    for mode in MODES {
        let words = |pass: &str| pass.split('-').any(|word| word == mode.name);
        assert!(!passes.iter().any(|pass| words(pass)), "{}", mode.name);
    }
    for directory in ["transform", "lower"] {
        assert_no_mode_is_named(&root().join("passes/src").join(directory));
    }
}

/// No pass asks for a mode by its name: it asks the row.
fn assert_no_mode_is_named(directory: &std::path::Path) {
    for entry in fs::read_dir(directory).expect("the directory can be read") {
        let path = entry.expect("the directory can be read").path();
        if path.is_dir() {
            assert_no_mode_is_named(&path);
            continue;
        }
        let text = fs::read_to_string(&path).expect("the file can be read");
        for mode in MODES {
            let asks = format!("mode == {:?}", mode.name);
            assert!(!text.contains(&asks), "{}: {asks}", path.display());
        }
    }
}

fn page() -> String {
    let rows: String = MODES.iter().map(overview).collect();
    let sections: String = MODES.iter().map(section).collect();
    format!(
        "{HEAD}| mode | in signatures | parameters | `overflow=`, the default first |\n|---|---|---|---|\n{rows}\
         {SIGNATURES}{sections}"
    )
}

fn overview(mode: &Mode) -> String {
    let name = mode.name;
    let parameters = match mode.parameter {
        Parameter::Actual => "what the arguments are",
        Parameter::Object => "objects",
        Parameter::Exactly(_) => "exactly of the type",
        Parameter::Converted(_) => "converted to the type",
    };
    let code = mode
        .code
        .map_or_else(String::new, |code| format!("`{code}`"));
    let choices: Vec<_> = mode
        .overflows
        .iter()
        .map(|one| format!("`{}`", one.name()))
        .collect();
    format!(
        "| [`{name}`](#{name}) | {code} | {parameters} | {} |\n",
        choices.join(", ")
    )
}

fn section(mode: &Mode) -> String {
    let words = mode.words;
    let rows = [
        ("arguments", words.accepts),
        ("result", words.returns),
        ("arithmetic", words.arithmetic),
        ("integers that need more bits", words.overflow),
        ("division by zero", words.division),
        ("`None`", words.none),
        ("NaN", words.nan),
        ("other arguments", words.wrong),
    ];
    let rows: String = rows
        .into_iter()
        .map(|(name, text)| format!("| {name} | {} |\n", text.replace('|', "\\|")))
        .collect();
    format!(
        "## {}\n\n{}\n\n| | |\n|---|---|\n{rows}\n```pycon\n{}\n```\n\n",
        mode.name,
        words.summary,
        words.example.join("\n")
    )
}

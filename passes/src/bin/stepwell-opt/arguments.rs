use stepwell_dialects::ir::PrintOptions;
use stepwell_passes::{
    Level,
    registry::{StaticPass, parse_pipeline},
};

/// What to do.
pub enum Command {
    Help,
    Run(Arguments),
}

/// Which passes to run.
pub enum Passes {
    Named(Vec<StaticPass>),
    /// The project's own pipeline, from `py` down to a level.
    ToLevel(Level),
}

/// A command line that makes sense.
pub struct Arguments {
    /// None is standard input.
    pub input: Option<String>,
    pub passes: Passes,
    pub print: PrintOptions,
    pub print_ir_after_all: bool,
    pub verify_each: bool,
}

impl Arguments {
    /// What diagnostics call the input.
    pub fn input_name(&self) -> &str {
        self.input.as_deref().unwrap_or("<stdin>")
    }

    /// Reads a command line, without the name of the program.
    pub fn parse(words: impl Iterator<Item = String>) -> Result<Command, String> {
        let mut arguments = Self {
            input: None,
            passes: Passes::Named(Vec::new()),
            print: PrintOptions::default(),
            print_ir_after_all: false,
            verify_each: true,
        };
        let mut chosen = Chosen::default();
        let mut words = words.peekable();
        while let Some(word) = words.next() {
            if word == "--help" || word == "-h" {
                return Ok(Command::Help);
            }
            let (option, mut value) = split(&word);
            if takes_value(option) && value.is_none() {
                value = words.next();
            }
            arguments.apply(&mut chosen, option, value)?;
        }
        Ok(Command::Run(arguments))
    }

    fn apply(
        &mut self,
        chosen: &mut Chosen,
        option: &str,
        value: Option<String>,
    ) -> Result<(), String> {
        match (option, value) {
            ("--pass-pipeline" | "--passes", Some(text)) => {
                chosen.passes(option)?;
                let passes = parse_pipeline(&text).map_err(|error| error.to_string())?;
                self.passes = Passes::Named(passes);
            }
            ("--to", Some(text)) => {
                chosen.passes(option)?;
                self.passes = Passes::ToLevel(mlir_level(&text)?);
            }
            ("--verify-each", value) => self.verify_each = on_or_off(value.as_deref())?,
            ("--print-ir-after-all", None) => self.print_ir_after_all = true,
            ("--generic", None) => self.print.generic = true,
            ("--locations", None) => self.print.locations = true,
            (option, None) if takes_value(option) => return Err(format!("{option} needs a value")),
            (option, _) if option.starts_with("--") => {
                return Err(format!("unknown option {option}"));
            }
            (path, _) => {
                chosen.input(path)?;
                self.input = (path != "-").then(|| path.to_owned());
            }
        }
        Ok(())
    }
}

/// What can be said only once.
#[derive(Default)]
struct Chosen {
    passes: Option<String>,
    input: Option<String>,
}

impl Chosen {
    fn passes(&mut self, option: &str) -> Result<(), String> {
        match self.passes.replace(option.to_owned()) {
            Some(first) => Err(format!("{first} and {option} both say which passes to run")),
            None => Ok(()),
        }
    }

    fn input(&mut self, path: &str) -> Result<(), String> {
        match self.input.replace(path.to_owned()) {
            Some(first) => Err(format!("one module at a time: {first} or {path}")),
            None => Ok(()),
        }
    }
}

fn takes_value(option: &str) -> bool {
    ["--pass-pipeline", "--passes", "--to"].contains(&option)
}

/// `--to=llvm` in two. A path may contain an equals sign.
fn split(word: &str) -> (&str, Option<String>) {
    match word.split_once('=') {
        Some((option, value)) if option.starts_with("--") => (option, Some(value.to_owned())),
        _ => (word, None),
    }
}

fn mlir_level(text: &str) -> Result<Level, String> {
    let level: Level = text.parse().map_err(|error| format!("{error}"))?;
    if level.is_mlir() {
        Ok(level)
    } else {
        let levels = Level::ALL.into_iter().filter(|level| level.is_mlir());
        let names: Vec<_> = levels.map(Level::name).collect();
        Err(format!(
            "level {level} is not MLIR; these are: {}",
            names.join(", ")
        ))
    }
}

fn on_or_off(value: Option<&str>) -> Result<bool, String> {
    match value {
        None | Some("true" | "on") => Ok(true),
        Some("false" | "off") => Ok(false),
        Some(other) => Err(format!("--verify-each is on or off, not {other:?}")),
    }
}

//! `stepwell.explain`: what each source line of a function became, as text and as data.

use crate::{inspect::Subject, source};
use pyo3::{prelude::*, types::PyDict};
use std::path::Path;
use stepwell_jit::{Engine, Loop};
use stepwell_passes::{
    Level,
    analysis::explanation::{Explainer, Line},
};

/// Explains what a function is compiled to.
#[pyfunction]
#[pyo3(signature = (func, *, args=None), text_signature = "(func, *, args=None)")]
pub fn explain(
    func: &Bound<'_, PyAny>,
    args: Option<Vec<Bound<'_, PyAny>>>,
) -> PyResult<Explanation> {
    let subject = Subject::new(func, args)?;
    let (lines, loops) = subject.run(|job, workshop| {
        let mut explainer = Explainer::default();
        let module = job.lift(workshop.context())?;
        job.lower(workshop.context(), &module, Level::Llvm, &mut explainer)?;
        let loops = Engine::get().loops(&module, &job.options.engine(job.baseline))?;
        Ok((explainer.into_lines(), loops))
    })?;
    // Loops of other files are those of the runtime's helpers, whose code became part of the function.
    let file = Path::new(&subject.code.filename).file_name();
    let loop_at = |number| {
        let is_here =
            |it: &&Loop| it.line == number && file.is_some_and(|file| file == it.file.as_str());
        loops.iter().find(is_here).cloned()
    };
    let lines = lines.into_iter().map(|(number, facts)| Explained {
        number: number as u32,
        source: source::text_of_line(func.py(), &subject.code.filename, number as u32)
            .unwrap_or_default()
            .trim_end()
            .to_owned(),
        innermost: loop_at(number as u32),
        facts,
    });
    Ok(Explanation {
        name: subject.code.qualname.clone(),
        signature: subject.type_names(),
        lines: lines.collect(),
    })
}

/// What became of a function, line by line.
#[pyclass(frozen, module = "stepwell")]
pub struct Explanation {
    #[pyo3(get)]
    name: String,
    /// The types that the parameters are compiled for.
    signature: Vec<&'static str>,
    lines: Vec<Explained>,
}

struct Explained {
    number: u32,
    source: String,
    facts: Line,
    /// The innermost loop that begins here.
    innermost: Option<Loop>,
}

#[pymethods]
impl Explanation {
    fn __repr__(&self) -> String {
        format!("<Explanation of {}: {} lines>", self.name, self.lines.len())
    }

    fn __str__(&self) -> String {
        let mut text = format!(
            "{}, compiled for ({})\n",
            self.name,
            self.signature.join(", ")
        );
        for line in &self.lines {
            text += &format!("{:>5}  {:<6}  {}\n", line.number, line.kind(), line.source);
            for note in line.notes() {
                text += &format!("{:15}| {note}\n", "");
            }
        }
        text
    }

    /// The same as dictionaries and lists.
    fn as_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let lines: PyResult<Vec<_>> = self.lines.iter().map(|line| line.as_dict(py)).collect();
        let dict = PyDict::new(py);
        dict.set_item("name", &self.name)?;
        dict.set_item("signature", &self.signature)?;
        dict.set_item("lines", lines?)?;
        Ok(dict)
    }
}

impl Explained {
    fn kind(&self) -> &'static str {
        let facts = &self.facts;
        match (
            !facts.left.is_empty(),
            facts.is_native,
            !facts.objects.is_empty(),
        ) {
            (true, ..) => "exit",
            (_, true, true) => "mixed",
            (_, true, false) => "native",
            (_, false, true) => "object",
            // A constant, a jump, a local that is handed on.
            (_, false, false) => "free",
        }
    }

    fn notes(&self) -> Vec<String> {
        let Line {
            objects,
            left,
            guards,
            types,
            ..
        } = &self.facts;
        let bound: Vec<_> = types
            .iter()
            .map(|(name, text)| format!("{name}: {text}"))
            .collect();
        let mut notes = Vec::new();
        let mut note = |title: &str, items: Vec<&str>| {
            notes.extend((!items.is_empty()).then(|| format!("{title}{}", items.join(", "))));
        };
        note("", bound.iter().map(String::as_str).collect());
        note("objects: ", objects.iter().map(String::as_str).collect());
        note(
            "left to the interpreter: ",
            left.iter().map(String::as_str).collect(),
        );
        note("leaves if: ", guards.iter().map(String::as_str).collect());
        match &self.innermost {
            None => {}
            Some(innermost) if innermost.vectorised => notes.extend(innermost.remarks.clone()),
            Some(innermost) => {
                notes.push("loop not vectorized".to_owned());
                let reasons = innermost.remarks.iter();
                notes.extend(reasons.map(|reason| format!("  {reason}")));
            }
        }
        notes
    }

    fn as_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let facts = &self.facts;
        let types = PyDict::new(py);
        for (name, text) in &facts.types {
            types.set_item(name, text)?;
        }
        let dict = PyDict::new(py);
        dict.set_item("line", self.number)?;
        dict.set_item("source", &self.source)?;
        dict.set_item("kind", self.kind())?;
        dict.set_item("types", types)?;
        dict.set_item("objects", facts.objects.iter().collect::<Vec<_>>())?;
        dict.set_item("left", facts.left.iter().collect::<Vec<_>>())?;
        dict.set_item("guards", facts.guards.iter().collect::<Vec<_>>())?;
        let innermost = self.innermost.as_ref();
        dict.set_item("vectorized", innermost.map(|it| it.vectorised))?;
        dict.set_item("remarks", innermost.map_or(&[][..], |it| &it.remarks))?;
        Ok(dict)
    }
}

//! `stepwell.explain`: what each source line of a function became, as text and as data.

use crate::{inspect::Subject, source};
use pyo3::{prelude::*, types::PyDict};
use std::{collections::BTreeMap, path::Path};
use stepwell_jit::{Engine, Remark};
use stepwell_passes::{
    Level,
    analysis::explanation::{Explainer, Line},
};

/// What the vectoriser says when it is through with a loop that it leaves alone.
const NOT_VECTORISED: &str = "loop not vectorized";

/// Explains what a function is compiled to.
#[pyfunction]
#[pyo3(signature = (func, *, args=None), text_signature = "(func, *, args=None)")]
pub fn explain(
    func: &Bound<'_, PyAny>,
    args: Option<Vec<Bound<'_, PyAny>>>,
) -> PyResult<Explanation> {
    let subject = Subject::new(func, args)?;
    let (lines, remarks) = subject.run(|job, workshop| {
        let mut explainer = Explainer::default();
        let module = job.lift(workshop.context())?;
        job.lower(workshop.context(), &module, Level::Llvm, &mut explainer)?;
        let remarks = Engine::get().remarks(&module, &job.options.engine())?;
        Ok((explainer.into_lines(), remarks))
    })?;
    let loops = loops(&remarks, &subject.code.filename);
    let lines = lines.into_iter().map(|(number, facts)| Explained {
        number: number as u32,
        source: source::text_of_line(func.py(), &subject.code.filename, number as u32)
            .unwrap_or_default()
            .trim_end()
            .to_owned(),
        vectorisation: loops.get(&(number as u32)).cloned(),
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
    vectorisation: Option<Vectorisation>,
}

/// What LLVM made of the innermost loop that begins on a line.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Vectorisation {
    Done(String),
    Refused(Vec<String>),
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
        match &self.vectorisation {
            None => {}
            Some(Vectorisation::Done(text)) => notes.push(text.clone()),
            Some(Vectorisation::Refused(reasons)) => {
                notes.push(NOT_VECTORISED.to_owned());
                notes.extend(reasons.iter().map(|reason| format!("  {reason}")));
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
        let (vectorized, reasons) = match &self.vectorisation {
            None => (None, Vec::new()),
            Some(Vectorisation::Done(text)) => (Some(true), vec![text.clone()]),
            Some(Vectorisation::Refused(reasons)) => (Some(false), reasons.clone()),
        };
        dict.set_item("vectorized", vectorized)?;
        dict.set_item("remarks", reasons)?;
        Ok(dict)
    }
}

/// The innermost loops by line. LLVM gives its reasons first and then the loop they are about; a copy of a loop that was
/// vectorised is the one that runs.
///
/// Lines of other files are those of the runtime's helpers, whose code became part of the function.
fn loops(remarks: &[Remark], path: &str) -> BTreeMap<u32, Vectorisation> {
    let own = Path::new(path).file_name().unwrap_or_default();
    let mut found = BTreeMap::new();
    let mut reasons: Vec<String> = Vec::new();
    for Remark { line, text, .. } in remarks.iter().filter(|remark| own == remark.file.as_str()) {
        if text == NOT_VECTORISED {
            let refused = Vectorisation::Refused(std::mem::take(&mut reasons));
            found.entry(*line).or_insert(refused);
        } else if let Some(reason) = text.strip_prefix("loop not vectorized: ") {
            let reason = format!("{reason} (line {line})");
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        } else {
            reasons.clear();
            found.insert(*line, Vectorisation::Done(text.clone()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remark(line: u32, text: &str) -> Remark {
        Remark {
            file: "f.py".to_owned(),
            line,
            text: text.to_owned(),
        }
    }

    #[test]
    fn reasons_belong_to_the_loop_that_follows_them() {
        let remarks = [
            remark(
                12,
                "loop not vectorized: call instruction cannot be vectorized",
            ),
            remark(
                12,
                "loop not vectorized: call instruction cannot be vectorized",
            ),
            remark(11, "loop not vectorized"),
            remark(
                20,
                "vectorized loop (vectorization width: 4, interleaved count: 4)",
            ),
            remark(20, "loop not vectorized"),
        ];
        let loops = loops(&remarks, "/somewhere/f.py");
        let reason = "call instruction cannot be vectorized (line 12)".to_owned();
        assert_eq!(loops[&11], Vectorisation::Refused(vec![reason]));
        assert!(matches!(loops[&20], Vectorisation::Done(_)));
    }
}

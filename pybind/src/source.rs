//! Source lines in messages, as CPython's own tracebacks show them.

use crate::modules::import;
use pyo3::{prelude::*, types::PyString};

/// A place in the source of a function.
pub struct Excerpt {
    qualname: String,
    filename: String,
    line: u32,
    /// Counted from 1; 0 when it is not known.
    column: usize,
}

impl Excerpt {
    /// The place that `location` names, as `file.py:3:5`. The file is the function's own.
    pub fn at(function: &Bound<'_, PyAny>, location: &str) -> Self {
        let mut parts = location.rsplitn(3, ':').map(str::parse);
        match (parts.next(), parts.next()) {
            (Some(Ok(column)), Some(Ok(line))) => Self {
                line,
                column: column as usize,
                ..Self::at_start(function)
            },
            _ => Self::at_start(function),
        }
    }

    /// The first column of a line that is not blank.
    pub fn at_line(function: &Bound<'_, PyAny>, line: u32) -> Self {
        let start = Self::at_start(function);
        let line = if line == 0 { start.line } else { line };
        Self { line, ..start }
    }

    /// The function's first line.
    pub fn at_start(function: &Bound<'_, PyAny>) -> Self {
        let code = function.getattr("__code__").ok();
        let attribute = |name: &str| code.as_ref().and_then(|code| code.getattr(name).ok());
        Self {
            qualname: text_attribute(function, "__qualname__"),
            filename: attribute("co_filename").map_or_else(|| "?".into(), |name| name.to_string()),
            line: attribute("co_firstlineno")
                .and_then(|line| line.extract().ok())
                .unwrap_or(0),
            column: 0,
        }
    }

    /// `f: reason`, the source line with a caret, the hint.
    pub fn message(&self, py: Python<'_>, reason: &str, hint: &str) -> String {
        let Self {
            qualname,
            filename,
            line,
            ..
        } = self;
        let mut text = format!("{qualname}: {reason}\n  File \"{filename}\", line {line}");
        if let Some(source) = text_of_line(py, &self.filename, self.line) {
            let shown = source.trim();
            text += &format!("\n    {shown}\n    {}^", " ".repeat(self.caret(&source)));
        }
        if !hint.is_empty() {
            text += &format!("\n  hint: {hint}");
        }
        text
    }

    /// How far the caret is from the first character shown. Columns count bytes.
    fn caret(&self, source: &str) -> usize {
        let indent = source.len() - source.trim_start().len();
        let place = self.column.saturating_sub(1).max(indent);
        source
            .get(indent..place)
            .map_or(0, |before| before.chars().count())
    }
}

/// A line of a file, unless it is blank or not to be had.
pub fn text_of_line(py: Python<'_>, filename: &str, number: u32) -> Option<String> {
    let linecache = import(py, "linecache").ok()?;
    let line = linecache.call_method1("getline", (filename, number)).ok()?;
    let line = line.cast_into::<PyString>().ok()?.to_string();
    (!line.trim().is_empty()).then_some(line)
}

fn text_attribute(object: &Bound<'_, PyAny>, name: &str) -> String {
    object
        .getattr(name)
        .map_or_else(|_| "?".into(), |value| value.to_string())
}

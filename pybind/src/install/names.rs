//! Which modules are meant: lists of names and patterns.

use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    types::PyString,
};

/// A list of modules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names(Vec<String>);

impl Names {
    /// Every module.
    pub fn all() -> Self {
        Self(vec!["*".into()])
    }

    /// No module.
    pub fn none() -> Self {
        Self(Vec::new())
    }

    /// What the argument `parameter` of `install` says: a name or several.
    ///
    /// # Errors
    /// `TypeError` for what is not names, `ValueError` for a path.
    pub fn given(parameter: &str, value: &Bound<'_, PyAny>) -> PyResult<Self> {
        let names = match value.cast::<PyString>() {
            Ok(name) => vec![name.to_string()],
            Err(_) => several(parameter, value)?,
        };
        match names.iter().find(|name| name.contains(['/', '\\'])) {
            None => Ok(Self(names)),
            Some(path) => Err(PyValueError::new_err(format!(
                "{parameter} takes names of modules and packages, such as 'json' or 'json.*', and not the path {path:?}"
            ))),
        }
    }

    /// Whether a module is in the list: by its own name, by that of a package around it, or by a pattern, in which `*`
    /// stands for anything.
    pub fn contain(&self, module: &str) -> bool {
        self.0.iter().any(|name| {
            let below = module.strip_prefix(name.as_str());
            below.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
                || matches(name, module)
        })
    }
}

fn several(parameter: &str, value: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
    value
        .try_iter()
        .and_then(|items| items.map(|item| item?.extract()).collect())
        .map_err(|_| {
            PyTypeError::new_err(format!(
                "{parameter} is the name of a module or package, or several of them"
            ))
        })
}

/// Whether `pattern`, in which `*` stands for any characters, describes all of `text`.
fn matches(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(text) = text.strip_prefix(start) else {
        return false;
    };
    let mut ends = text.char_indices().map(|(end, _)| end).chain([text.len()]);
    ends.any(|end| matches(rest, &text[end..]))
}

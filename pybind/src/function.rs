//! What may be given to `jit` and the functions that look: a Python function, and refusals of everything else.

use pyo3::{
    exceptions::PyTypeError,
    ffi::{PyClassMethod_Type, PyStaticMethod_Type},
    prelude::*,
    types::{PyCFunction, PyCode, PyFunction, PyType},
};

/// The function in `object`. A `staticmethod` or `classmethod` stands for the function in it.
///
/// # Errors
/// `TypeError` that names what was given and what to do.
pub fn function_in<'py>(object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyFunction>> {
    let inner = match method_wrapper(object)? {
        Some(inner) => inner,
        None => object.clone(),
    };
    inner
        .cast_into::<PyFunction>()
        .map_err(|error| refusal(&error.into_inner()))
}

/// The function inside a `staticmethod` or `classmethod`.
pub fn method_wrapper<'py>(object: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
    let class = object.get_type_ptr();
    let wrappers = [&raw mut PyStaticMethod_Type, &raw mut PyClassMethod_Type];
    let is_wrapper = wrappers.contains(&class);
    is_wrapper.then(|| object.getattr("__func__")).transpose()
}

/// The code object of a function.
pub fn code_of<'py>(function: &Bound<'py, PyFunction>) -> PyResult<Bound<'py, PyCode>> {
    Ok(function.getattr("__code__")?.cast_into::<PyCode>()?)
}

fn refusal(object: &Bound<'_, PyAny>) -> PyErr {
    let what = describe(object);
    let advice = advice(object);
    PyTypeError::new_err(format!(
        "stepwell needs a Python function, not {what}: {advice}"
    ))
}

fn describe(object: &Bound<'_, PyAny>) -> String {
    let name = object
        .getattr("__qualname__")
        .or_else(|_| object.getattr("__name__"))
        .map(|name| format!(" '{name}'"))
        .unwrap_or_default();
    if object.is_instance_of::<PyType>() {
        return format!("the class{name}");
    }
    if object.is_instance_of::<PyCFunction>() {
        return format!("the builtin{name}");
    }
    let type_name = object
        .get_type()
        .fully_qualified_name()
        .map_or_else(|_| "object".into(), |name| name.to_string());
    format!("{type_name}{name}")
}

fn advice(object: &Bound<'_, PyAny>) -> &'static str {
    let is = |name: &str| {
        object
            .get_type()
            .name()
            .is_ok_and(|type_name| type_name == name)
    };
    if object.is_instance_of::<PyType>() {
        "decorate its methods"
    } else if object.is_instance_of::<PyCFunction>()
        || is("wrapper_descriptor")
        || is("method_descriptor")
    {
        "it is machine code already"
    } else if is("method") {
        "give it the function, which is the method's __func__"
    } else if is("property") || is("cached_property") {
        "put @stepwell.jit below the property decorator, next to the def"
    } else if is("partial") {
        "give it the function inside, before functools.partial"
    } else if is("code") {
        "give it the function that has this code"
    } else if object.is_callable() {
        "decorate the function itself, below other decorators, or its class's __call__"
    } else {
        "write @stepwell.jit above a def, or call stepwell.jit(function)"
    }
}

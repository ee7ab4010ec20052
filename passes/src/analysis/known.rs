//! What global names stand for, as far as it was known at compile time.
//!
//! The function's attribute `py.globals` lists pairs: a name and either the full name of a function or module
//! (`"math.sin"`, `"math"`) or a number or a tuple of numbers, written as in `py.constant`. The name may be that of a
//! module's attribute, behind a dot. It is true until a global is rebound, which `num.assume` finds out.

use super::functions;
use crate::{
    collections::HashMap,
    inspect::{defining_op, op_name, str_attribute, string},
};
use melior::ir::{
    Attribute, OperationRef, Value, attribute::ArrayAttribute, operation::OperationLike,
};

/// What a name stands for.
#[derive(Clone, Copy, Debug)]
pub enum Meaning<'c> {
    /// A module or a function, by its full name.
    Path(&'c str),
    /// A number, or a tuple of numbers.
    Number(Attribute<'c>),
}

/// The names of a function.
#[derive(Debug, Default)]
pub struct Known<'c>(HashMap<&'c str, Meaning<'c>>);

impl<'c> Known<'c> {
    /// The number, or tuple of numbers, that an op loads: a global, or an attribute of a module.
    pub fn number_of(&self, op: OperationRef<'c, '_>) -> Option<Attribute<'c>> {
        let name = self.name(op)?;
        match self.global(&name)? {
            Meaning::Number(value) => Some(value),
            Meaning::Path(_) => None,
        }
    }

    /// Reads `py.globals`.
    pub fn of(function: OperationRef<'c, '_>) -> Self {
        let list = function.attribute("py.globals").ok();
        let list = list.and_then(|list| ArrayAttribute::try_from(list).ok());
        let pairs = list.map_or_else(Vec::new, |list| {
            (0..list.len())
                .filter_map(|index| pair(list.element(index).ok()?))
                .collect()
        });
        Self(pairs.into_iter().collect())
    }

    /// What the global of that name stands for.
    pub fn global(&self, name: &str) -> Option<Meaning<'c>> {
        self.0.get(name).copied()
    }

    /// The full name of the function or module that a value is: what loads a global, or an attribute of a module.
    pub fn path(&self, value: Value<'c, '_>) -> Option<String> {
        let op = defining_op(value)?;
        match op_name(op) {
            "py.load_global" => self.path_of_name(str_attribute(op, "name")?),
            "py.known" => {
                let (module, attribute) = split(str_attribute(op, "name")?);
                let path = self.path_of_name(module)?;
                Some(attribute.map_or(path.clone(), |attribute| format!("{path}.{attribute}")))
            }
            "py.load_attr" | "py.load_method" => self.attribute(op),
            _ => None,
        }
    }

    /// The full name of the attribute of a known module that an op loads.
    pub fn attribute(&self, op: OperationRef<'c, '_>) -> Option<String> {
        let module = self.path(op.operand(0).ok()?)?;
        let path = format!("{module}.{}", str_attribute(op, "name")?);
        let native = functions::is_known(&path) || functions::constant(&path).is_some();
        native.then_some(path)
    }

    /// The name by which the function itself reaches what `op` loads: `m.sin` for an `import math as m`.
    pub fn name(&self, op: OperationRef<'c, '_>) -> Option<String> {
        let own = str_attribute(op, "name")?;
        match op_name(op) {
            "py.load_global" | "py.known" => Some(own.to_owned()),
            "py.load_attr" | "py.load_method" => {
                let module = defining_op(op.operand(0).ok()?)?;
                Some(format!("{}.{own}", self.name(module)?))
            }
            _ => None,
        }
    }

    fn path_of_name(&self, name: &str) -> Option<String> {
        match self.global(name)? {
            Meaning::Path(path) => Some(path.to_owned()),
            Meaning::Number(_) => None,
        }
    }
}

fn split(name: &str) -> (&str, Option<&str>) {
    name.split_once('.')
        .map_or((name, None), |(module, attribute)| {
            (module, Some(attribute))
        })
}

fn pair<'c>(attribute: Attribute<'c>) -> Option<(&'c str, Meaning<'c>)> {
    let pair = ArrayAttribute::try_from(attribute).ok()?;
    let value = pair.element(1).ok()?;
    let meaning = string(value).map_or(Meaning::Number(value), Meaning::Path);
    Some((string(pair.element(0).ok()?)?, meaning))
}

//! The types that a function is compiled for: from its mode, a signature, annotations, or the actual arguments.

use pyo3::{
    exceptions::PyValueError,
    prelude::*,
    types::{PyBool, PyCode, PyComplex, PyDict, PyFloat, PyFunction, PyInt},
};
use stepwell_passes::{
    analysis::fact::Kind,
    modes::{Integers, Mode, Numbers, Parameter},
};
use stepwell_runtime::tag::Tag;

/// The types for one version: what arguments it takes, and what its parameters are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// By which the version is chosen.
    pub tags: Vec<Tag>,
    /// The kind of each parameter; objects where there is none.
    pub kinds: Vec<Option<Kind>>,
    /// The kind of the result, if the signature says it.
    pub result: Option<Kind>,
}

/// A type of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Code {
    name: &'static str,
    kind: Kind,
    integers: Integers,
    single: bool,
}

const fn code(name: &'static str, kind: Kind) -> Code {
    Code {
        name,
        kind,
        integers: Integers::Int64,
        single: false,
    }
}

/// The types of signatures, by their names.
const CODES: [Code; 16] = [
    code("i8", Kind::Int),
    code("int", Kind::Int),
    Code {
        integers: Integers::Int32,
        ..code("i4", Kind::Int)
    },
    Code {
        integers: Integers::Uint64,
        ..code("u8", Kind::Int)
    },
    code("f8", Kind::Float),
    code("float", Kind::Float),
    Code {
        single: true,
        ..code("f4", Kind::Float)
    },
    code("b1", Kind::Bool),
    code("bool", Kind::Bool),
    code("c16", Kind::Complex),
    code("complex", Kind::Complex),
    Code {
        single: true,
        ..code("c8", Kind::Complex)
    },
    code("p", Kind::Pointer),
    Code {
        single: true,
        ..code("v4f", Kind::Vec4f)
    },
    code("v8i", Kind::Vec8i),
    code("o8", Kind::Optional),
];

/// What is known of a function's types before it is called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plans {
    signatures: Vec<(Vec<Code>, Option<Code>)>,
    /// By parameter, from annotations.
    annotated: Vec<Option<Kind>>,
}

impl Plans {
    /// Reads `jit(signature=...)`: a text such as `"f8(f8, i8)"`, or several.
    ///
    /// # Errors
    /// `ValueError` for what is no signature, and for widths that do not go together.
    pub fn given(signature: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let Some(signature) = signature else {
            return Ok(Self::default());
        };
        let texts: Vec<String> = match signature.extract::<String>() {
            Ok(text) => vec![text],
            Err(_) => signature.extract()?,
        };
        let signatures = texts
            .iter()
            .map(|text| parse(text))
            .collect::<PyResult<Vec<_>>>()?;
        let plans = Self {
            signatures,
            annotated: Vec::new(),
        };
        plans.check_widths()?;
        Ok(plans)
    }

    /// Whether there is a signature.
    pub fn is_given(&self) -> bool {
        !self.signatures.is_empty()
    }

    /// The mode whose rules a signature follows.
    pub fn mode(&self) -> Option<&'static Mode> {
        let first = self
            .codes()
            .find(|code| code.integers != Integers::Int64 || code.single || !code.kind.is_number());
        let (parameters, _) = self.signatures.first()?;
        let code = first.or(parameters.first().copied());
        Mode::named(match code {
            None => "float",
            Some(code) => match (code.kind, code.integers, code.single) {
                (Kind::Int, Integers::Int32, _) => "int32",
                (Kind::Int, Integers::Uint64, _) => "uint64",
                (Kind::Int, ..) => "int",
                (Kind::Bool, ..) => "bool",
                (Kind::Float, _, true) => "float32",
                (Kind::Complex, _, true) => "complex64",
                (Kind::Complex, ..) => "complex128",
                (Kind::Pointer, ..) => "ptr",
                (Kind::Vec4f, ..) => "vec4f",
                (Kind::Vec8i, ..) => "vec8i",
                (Kind::Optional, ..) => "optional_f64",
                _ => "float",
            },
        })
    }

    /// How a function with these signatures computes, whose mode computes with `numbers`.
    pub fn numbers(&self, mut numbers: Numbers) -> Numbers {
        for code in self.codes() {
            numbers.single |= code.single;
            if code.integers != Integers::Int64 {
                numbers.integers = code.integers;
            }
        }
        numbers
    }

    fn codes(&self) -> impl Iterator<Item = Code> {
        self.signatures
            .iter()
            .flat_map(|(parameters, result)| parameters.iter().chain(result))
            .copied()
    }

    fn check_widths(&self) -> PyResult<()> {
        let clash = |kinds: [Kind; 2], same: fn(&Code, &Code) -> bool| {
            let all: Vec<_> = self
                .codes()
                .filter(|code| kinds.contains(&code.kind))
                .collect();
            let first = all.first().copied();
            first.and_then(|first| {
                all.into_iter()
                    .find(|code| !same(&first, code))
                    .map(|code| (first, code))
            })
        };
        let integers = clash([Kind::Int, Kind::Int], |a, b| a.integers == b.integers);
        let floats = clash([Kind::Float, Kind::Complex], |a, b| a.single == b.single);
        match integers.or(floats) {
            None => Ok(()),
            Some((one, other)) => Err(PyValueError::new_err(format!(
                "signature has {} and {}: a function computes with integers of one width, and with floats of one",
                one.name, other.name
            ))),
        }
    }

    /// Adds what the annotations of a function say, in a typed mode.
    ///
    /// # Errors
    /// What reading the annotations raises.
    pub fn annotate(
        &mut self,
        function: &Bound<'_, PyFunction>,
        code: &Bound<'_, PyCode>,
    ) -> PyResult<()> {
        let annotations = function.getattr("__annotations__")?.cast_into::<PyDict>()?;
        let names: Vec<String> = code.getattr("co_varnames")?.extract()?;
        self.annotated = names
            .iter()
            .map(|name| {
                annotations
                    .get_item(name)
                    .map(|given| given.and_then(|given| annotated_kind(&given)))
            })
            .collect::<PyResult<_>>()?;
        Ok(())
    }

    /// The versions that can be compiled before the first call, for `count` parameters.
    ///
    /// # Errors
    /// `ValueError` for a signature with another number of parameters.
    pub fn early(&self, mode: &Mode, own: bool, count: usize) -> PyResult<Vec<Plan>> {
        if self.signatures.is_empty() {
            return Ok(vec![self.for_arguments(
                mode,
                own,
                &vec![Tag::Object; count],
            )]);
        }
        let plan = |(parameters, result): &(Vec<Code>, Option<Code>)| {
            if parameters.len() != count {
                return Err(PyValueError::new_err(format!(
                    "signature has {} types for {count} parameters",
                    parameters.len()
                )));
            }
            Ok(Plan {
                tags: parameters.iter().map(|code| tag(code.kind, own)).collect(),
                kinds: parameters.iter().map(|code| Some(code.kind)).collect(),
                result: result.map(|code| code.kind),
            })
        };
        self.signatures.iter().map(plan).collect()
    }

    /// The version for arguments with these tags. Where no signature takes them it is that of the first one, which an
    /// error is about.
    pub fn for_arguments(&self, mode: &Mode, own: bool, tags: &[Tag]) -> Plan {
        let signatures = match self.is_given() {
            true => self.early(mode, own, tags.len()).unwrap_or_default(),
            false => Vec::new(),
        };
        let takes = |plan: &&Plan| {
            let mut pairs = plan.tags.iter().zip(tags);
            pairs.all(|(wanted, tag)| *wanted == Tag::Any || wanted == tag)
        };
        if let Some(plan) = signatures.iter().find(takes).or(signatures.first()) {
            return plan.clone();
        }
        let kind = match mode.parameter {
            Parameter::Exactly(kind) | Parameter::Converted(kind) => kind,
            Parameter::Object => return Plan::objects(tags.len()),
            Parameter::Actual => return Plan::actual(tags),
        };
        let by_argument = matches!(kind, Kind::Pointer) || kind.is_lanes();
        let parameter = |(slot, tag): (usize, &Tag)| {
            let annotated = self.annotated.get(slot).copied().flatten();
            let actual = kind_of(*tag).filter(|_| by_argument);
            annotated.or(actual).unwrap_or(kind)
        };
        let kinds: Vec<_> = tags.iter().enumerate().map(parameter).collect();
        let chosen = |kind: &Kind| {
            if by_argument && kind.is_number() {
                tag_of(*kind)
            } else {
                tag(*kind, own)
            }
        };
        Plan {
            tags: kinds.iter().map(chosen).collect(),
            kinds: kinds.into_iter().map(Some).collect(),
            result: None,
        }
    }
}

impl Plan {
    /// For parameters that are what the arguments are.
    pub fn actual(tags: &[Tag]) -> Self {
        Self {
            tags: tags.to_vec(),
            kinds: tags.iter().map(|tag| kind_of(*tag)).collect(),
            result: None,
        }
    }

    /// For that many objects.
    pub fn objects(count: usize) -> Self {
        Self {
            tags: vec![Tag::Any; count],
            kinds: vec![None; count],
            result: None,
        }
    }

    /// The types of the parameters, as MLIR writes them.
    pub fn types(&self) -> Vec<String> {
        let text = |(kind, tag): (&Option<Kind>, &Tag)| {
            let text = match kind {
                Some(Kind::Int) => "i64",
                Some(Kind::Float) => "f64",
                Some(Kind::Bool) => "i1",
                Some(Kind::Complex) => "complex<f64>",
                Some(Kind::Optional) => "!llvm.struct<(i64, f64)>",
                Some(Kind::Pointer) => "!llvm.struct<(ptr, i64)>",
                Some(Kind::Vec4f) => "vector<4xf32>",
                Some(Kind::Vec8i) => "vector<8xi32>",
                None if matches!(tag, Tag::Array(_) | Tag::Scalar(_)) => return numpy_text(*tag),
                _ => "!py.object",
            };
            text.to_owned()
        };
        self.kinds.iter().zip(&self.tags).map(text).collect()
    }
}

/// The type of an array or a scalar of NumPy is a string.
fn numpy_text(tag: Tag) -> String {
    match tag {
        Tag::Array(array) => format!("\"{array}\""),
        Tag::Scalar(element) => format!("\"numpy.{}\"", element.word()),
        _ => "!py.object".to_owned(),
    }
}

/// The tag that chooses a version with a parameter of that kind: none where the argument is converted.
fn tag(kind: Kind, own: bool) -> Tag {
    if own { Tag::Any } else { tag_of(kind) }
}

fn tag_of(kind: Kind) -> Tag {
    match kind {
        Kind::Int => Tag::Int,
        Kind::Float => Tag::Float,
        Kind::Bool => Tag::Bool,
        Kind::Complex => Tag::Complex,
        _ => Tag::Object,
    }
}

fn kind_of(tag: Tag) -> Option<Kind> {
    match tag {
        Tag::Int => Some(Kind::Int),
        Tag::Float => Some(Kind::Float),
        Tag::Bool => Some(Kind::Bool),
        Tag::Complex => Some(Kind::Complex),
        Tag::Any | Tag::Object | Tag::Array(_) | Tag::Scalar(_) | Tag::Unbound | Tag::Range => None,
    }
}

/// The kind that an annotation names: one of four types, or its name.
fn annotated_kind(annotation: &Bound<'_, PyAny>) -> Option<Kind> {
    let py = annotation.py();
    let known = [
        (py.get_type::<PyInt>(), "int", Kind::Int),
        (py.get_type::<PyFloat>(), "float", Kind::Float),
        (py.get_type::<PyBool>(), "bool", Kind::Bool),
        (py.get_type::<PyComplex>(), "complex", Kind::Complex),
    ];
    let text = annotation.extract::<String>().ok();
    known
        .into_iter()
        .find(|(class, name, _)| annotation.is(class) || text.as_deref() == Some(name))
        .map(|(.., kind)| kind)
}

/// Reads `"f8(f8, i8)"`; the result may be left out.
fn parse(text: &str) -> PyResult<(Vec<Code>, Option<Code>)> {
    let malformed = || {
        PyValueError::new_err(format!(
            "signature {text:?} is not of the form \"f8(f8, i8)\""
        ))
    };
    let (result, rest) = text.split_once('(').ok_or_else(malformed)?;
    let parameters = rest.trim().strip_suffix(')').ok_or_else(malformed)?;
    let parameters = match parameters.trim() {
        "" => Vec::new(),
        list => list
            .split(',')
            .map(|name| named(name.trim()))
            .collect::<PyResult<_>>()?,
    };
    let result = match result.trim() {
        "" => None,
        name => Some(named(name)?),
    };
    Ok((parameters, result))
}

fn named(name: &str) -> PyResult<Code> {
    let found = CODES.into_iter().find(|code| code.name == name);
    found.ok_or_else(|| {
        let known = CODES.map(|code| code.name).join(", ");
        PyValueError::new_err(format!(
            "signatures have no type {name:?}; the types are {known}"
        ))
    })
}

//! Numbers and tuples of numbers that are written in the source, or that globals stand for.
//!
//! A `py.constant` says of anything but a number of 64 bits how it is written, in one line.

use super::fact::Kind;
use crate::inspect::string;
use melior::ir::{
    Attribute,
    attribute::{
        ArrayAttribute, AttributeLike, DictionaryAttribute, FloatAttribute, IntegerAttribute,
    },
};

/// A number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// An integer that 64 bits hold, with a sign or without one.
    Int(i128),
    /// A float.
    Float(f64),
    /// A truth value.
    Bool(bool),
    /// A complex number: its real and its imaginary part.
    Complex(f64, f64),
}

/// A number, or a tuple.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// A number.
    Number(Number),
    /// A tuple of them.
    Tuple(Vec<Literal>),
}

impl Number {
    /// Its kind. An integer is one also where the mode cannot hold it.
    pub const fn kind(self) -> Kind {
        match self {
            Self::Int(_) => Kind::Int,
            Self::Float(_) => Kind::Float,
            Self::Bool(_) => Kind::Bool,
            Self::Complex(..) => Kind::Complex,
        }
    }
}

impl Literal {
    /// All its numbers.
    pub fn numbers(&self) -> Vec<Number> {
        match self {
            Self::Number(number) => vec![*number],
            Self::Tuple(items) => items.iter().flat_map(Self::numbers).collect(),
        }
    }
}

/// What the `value` of a `py.constant` is, if it is made of numbers alone.
pub fn literal_of(value: Attribute) -> Option<Literal> {
    let number = if let Ok(integer) = IntegerAttribute::try_from(value) {
        match integer.r#type().to_string().as_str() {
            "i1" => Number::Bool(integer.value() != 0),
            _ => Number::Int(integer.value().into()),
        }
    } else if let Ok(float) = FloatAttribute::try_from(value) {
        Number::Float(float.value())
    } else if let Ok(parts) = ArrayAttribute::try_from(value) {
        let part = |index| {
            let float = FloatAttribute::try_from(parts.element(index).ok()?);
            Some(float.ok()?.value())
        };
        Number::Complex(part(0)?, part(1)?)
    } else {
        return described(value);
    };
    Some(Literal::Number(number))
}

/// What a dictionary describes: an `int` of more than 64 bits, or a tuple.
fn described(value: Attribute) -> Option<Literal> {
    let entries = DictionaryAttribute::try_from(value).ok()?;
    let entry = |name| entries.element_by_name(name).and_then(string);
    let text = entry("repr")?;
    let is_one = matches!(entry("kind")?, "tuple" | "int");
    let mut reader = Reader { rest: text };
    let literal = reader.literal().filter(|_| is_one)?;
    reader.rest.is_empty().then_some(literal)
}

/// Reads a literal from its text.
struct Reader<'t> {
    rest: &'t str,
}

impl Reader<'_> {
    fn literal(&mut self) -> Option<Literal> {
        match self.takes("(") {
            true => self.tuple(),
            false => self.number().map(Literal::Number),
        }
    }

    /// Behind the parenthesis. A complex number looks like a pair whose second item has a `j`.
    fn tuple(&mut self) -> Option<Literal> {
        let mut items = Vec::new();
        while !self.takes(")") {
            items.push(self.literal()?);
            if self.takes("j)") {
                return complex(&items);
            }
            if !self.takes(", ") && !self.takes(",") && !self.rest.starts_with(')') {
                return None;
            }
        }
        Some(Literal::Tuple(items))
    }

    fn number(&mut self) -> Option<Number> {
        let end = self.rest.find([',', ')', 'j']);
        let (text, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        match text {
            "True" => return Some(Number::Bool(true)),
            "False" => return Some(Number::Bool(false)),
            _ => {}
        }
        if let Ok(number) = text.parse::<i128>() {
            let range = i128::from(i64::MIN)..=i128::from(u64::MAX);
            return range.contains(&number).then_some(Number::Int(number));
        }
        // Integers of more bits are floats to Rust.
        let is_float = text.contains(['.', 'e', 'n']);
        let number = text.parse().ok().filter(|_| is_float)?;
        Some(Number::Float(number))
    }

    fn takes(&mut self, word: &str) -> bool {
        let rest = self.rest.strip_prefix(word);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }
}

fn complex(parts: &[Literal]) -> Option<Literal> {
    match parts {
        [
            Literal::Number(Number::Float(real)),
            Literal::Number(Number::Float(imaginary)),
        ] => Some(Literal::Number(Number::Complex(*real, *imaginary))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Literal> {
        let mut reader = Reader { rest: text };
        reader.literal().filter(|_| reader.rest.is_empty())
    }

    #[test]
    fn tuples_are_read() {
        let all = |numbers: &[Number]| {
            let items = numbers.iter().copied().map(Literal::Number);
            Some(Literal::Tuple(items.collect()))
        };
        assert_eq!(read("()"), all(&[]));
        assert_eq!(read("(1,)"), all(&[Number::Int(1)]));
        let mixed = [
            Number::Int(-3),
            Number::Float(-0.5),
            Number::Bool(true),
            Number::Complex(0.0, 2.0),
            Number::Float(f64::INFINITY),
        ];
        assert_eq!(read("(-3, -0.5, True, (0.0, 2.0j), inf)"), all(&mixed));
        let nested = read("((1, 2), (3, 4.5))").expect("a tuple of tuples");
        assert_eq!(nested.numbers().len(), 4);
        assert_eq!(
            read("(18446744073709551615,)"),
            all(&[Number::Int(u64::MAX.into())])
        );
    }

    #[test]
    fn other_things_are_not() {
        for text in [
            "(1, None)",
            "(1, \"a\")",
            "(18446744073709551616,)",
            "(1",
            "1e",
            "(b\"\",)",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}

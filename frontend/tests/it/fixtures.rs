//! Reads the code objects that `tools/dump_code.py` writes.

use std::path::{Path, PathBuf};
use stepwell_frontend::{Code, CodeRef, Const, Slot};

/// The directory of the committed fixtures.
pub fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

/// The code objects of a committed fixture, such as `loops`.
pub fn codes(name: &str) -> Vec<Code> {
    let path = directory().join("functions").join(format!("{name}.code"));
    let text = std::fs::read_to_string(&path).expect("the fixture is in the repository");
    parse(&text)
}

/// One function of a fixture by its qualified name.
pub fn function(fixture: &str, qualname: &str) -> Code {
    codes(fixture)
        .into_iter()
        .find(|code| code.qualname == qualname)
        .expect("the fixture has the function")
}

/// All code objects of a dump.
pub fn parse(text: &str) -> Vec<Code> {
    let mut lines = text.lines();
    let mut codes = Vec::new();
    while let Some(code) = read(&mut lines) {
        codes.push(code);
    }
    codes
}

/// The next code object; `None` at the end of the dump.
pub fn read<'a>(lines: &mut impl Iterator<Item = &'a str>) -> Option<Code> {
    let mut code = Code::default();
    let mut variables: [Vec<String>; 3] = Default::default();
    loop {
        let line = lines.next()?;
        let (field, value) = line.split_once(' ').unwrap_or((line, ""));
        match field {
            "name" => code.name = unescape(value),
            "qualname" => code.qualname = unescape(value),
            "filename" => code.filename = unescape(value),
            "firstlineno" => code.firstlineno = number(value),
            "flags" => code.flags = number(value),
            "argcount" => code.argcount = number(value),
            "posonlyargcount" => code.posonlyargcount = number(value),
            "kwonlyargcount" => code.kwonlyargcount = number(value),
            "stacksize" => code.stacksize = number(value),
            "varnames" => variables[0].push(unescape(value)),
            "cellvars" => variables[1].push(unescape(value)),
            "freevars" => variables[2].push(unescape(value)),
            "names" => code.names.push(unescape(value)),
            "code" => code.code = hex(value),
            "exceptiontable" => code.exceptiontable = hex(value),
            "linetable" => code.linetable = hex(value),
            "const" => code.consts.push(constant(value, lines)),
            "end" => break,
            _ => panic!("unknown field {field:?}"),
        }
    }
    code.slots = Slot::layout(&variables[0], &variables[1], &variables[2]);
    Some(code)
}

fn constant<'a>(text: &str, lines: &mut impl Iterator<Item = &'a str>) -> Const {
    let (kind, value) = text.split_once(' ').unwrap_or((text, ""));
    match kind {
        "none" => Const::None,
        "ellipsis" => Const::Ellipsis,
        "bool" => Const::Bool(value == "1"),
        "int" => Const::Int(number(value)),
        "bigint" => Const::BigInt(value.to_owned()),
        "float" => Const::Float(number(value)),
        "complex" => {
            let (real, imaginary) = value.split_once(' ').expect("two numbers");
            Const::Complex(number(real), number(imaginary))
        }
        "str" => Const::Str(unescape(value)),
        "bytes" => Const::Bytes(hex(value)),
        "tuple" => Const::Tuple(items(value, lines)),
        "frozenset" => Const::FrozenSet(items(value, lines)),
        "code" => {
            let parts: Vec<&str> = value.split('\t').collect();
            Const::Code(CodeRef {
                firstlineno: number(parts[0]),
                name: parts[1].to_owned(),
                qualname: unescape(parts[2]),
            })
        }
        "other" => Const::Other(value.to_owned()),
        _ => panic!("unknown constant {kind:?}"),
    }
}

fn items<'a>(count: &str, lines: &mut impl Iterator<Item = &'a str>) -> Vec<Const> {
    (0..number::<usize>(count))
        .map(|_| {
            let line = lines.next().expect("an item");
            let text = line.strip_prefix("const ").expect("a constant");
            constant(text, lines)
        })
        .collect()
}

fn number<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().expect("a number")
}

fn hex(text: &str) -> Vec<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).expect("a hexadecimal digit") as u8;
    text.as_bytes()
        .chunks_exact(2)
        .map(|pair| digit(pair[0]) << 4 | digit(pair[1]))
        .collect()
}

fn unescape(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('n') => result.push('\n'),
                Some('r') => result.push('\r'),
                Some(other) => result.push(other),
                None => panic!("a backslash at the end"),
            },
            other => result.push(other),
        }
    }
    result
}

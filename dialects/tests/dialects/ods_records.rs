//! The ODS records as `llvm-tblgen` wrote them for the build: the descriptions, operands and traits
//! that the Rust tables leave out.

use serde_json::Value;

/// The ops of one ODS file.
pub struct Records {
    dialect: &'static str,
    json: Value,
}

/// One op of ours.
pub struct Op<'a> {
    records: &'a Records,
    record: &'a Value,
}

/// An operand as ODS declares it.
#[derive(Clone, Copy)]
pub struct Operand<'a> {
    /// What ODS says of its type, such as `frame state`.
    pub constraint: &'a str,
    /// Whether there can be none or several of it.
    pub variadic: bool,
}

/// The records of all dialects.
pub fn load() -> Vec<Records> {
    let texts = [
        ("Py", include_str!(concat!(env!("OUT_DIR"), "/Py.json"))),
        ("Num", include_str!(concat!(env!("OUT_DIR"), "/Num.json"))),
        (
            "State",
            include_str!(concat!(env!("OUT_DIR"), "/State.json")),
        ),
    ];
    texts
        .map(|(dialect, text)| Records {
            dialect,
            json: serde_json::from_str(text).expect("llvm-tblgen writes JSON"),
        })
        .into()
}

impl Records {
    /// The op of that full name, `py.binary`, when it is of this dialect.
    pub fn find(&self, name: &str) -> Option<Op<'_>> {
        let mnemonic = name.strip_prefix(&format!("{}.", self.dialect.to_lowercase()))?;
        let names = self.json["!instanceof"]["Op"].as_array()?;
        names
            .iter()
            .filter_map(Value::as_str)
            .map(|name| &self.json[name])
            .find(|record| {
                record["opName"] == mnemonic
                    && record["opDialect"]["def"] == format!("{}_Dialect", self.dialect)
            })
            .map(|record| Op {
                records: self,
                record,
            })
    }
}

impl<'a> Op<'a> {
    pub fn description(&self) -> &'a str {
        self.record["description"].as_str().unwrap_or_default()
    }

    pub fn is_terminator(&self) -> bool {
        let traits = self.record["traits"].as_array().into_iter().flatten();
        traits
            .into_iter()
            .any(|r#trait| r#trait["def"] == "Terminator")
    }

    /// Whether the op has the optional result `raised`.
    pub fn can_be_caught(&self) -> bool {
        arguments(&self.record["results"]).any(|result| result[1] == "raised")
    }

    pub fn operands(&self) -> Vec<Operand<'a>> {
        arguments(&self.record["arguments"])
            .map(|argument| self.definition(&argument[0]))
            .filter(|definition| is_a(definition, "TypeConstraint"))
            .map(|definition| self.operand(definition))
            .collect()
    }

    fn operand(&self, definition: &'a Value) -> Operand<'a> {
        let variadic = is_a(definition, "Variadic") || is_a(definition, "Optional");
        let item = if variadic {
            self.definition(&definition["baseType"])
        } else {
            definition
        };
        Operand {
            constraint: item["summary"].as_str().unwrap_or_default(),
            variadic,
        }
    }

    fn definition(&self, reference: &Value) -> &'a Value {
        &self.records.json[reference["def"].as_str().expect("a reference to a record")]
    }
}

fn arguments(dag: &Value) -> impl Iterator<Item = &Value> {
    dag["args"].as_array().into_iter().flatten()
}

fn is_a(record: &Value, class: &str) -> bool {
    let classes = record["!superclasses"].as_array().into_iter().flatten();
    classes.into_iter().any(|name| name == class)
}

//! Constants.

use super::builder::Lifter;
use super::ssa::key;
use crate::code::Const;
use crate::error::FrontendError;
use melior::ir::attribute::{
    ArrayAttribute, DictionaryAttribute, FloatAttribute, IntegerAttribute,
};
use melior::ir::{Attribute, Identifier, Value};

impl<'c, 'a> Lifter<'c, 'a> {
    pub(super) fn lift_load_const(&mut self) -> Result<(), FrontendError> {
        let value = self.constant(self.instruction().oparg)?;
        self.push(value);
        Ok(())
    }

    pub(super) fn lift_return_const(&mut self) -> Result<(), FrontendError> {
        let value = self.constant(self.instruction().oparg)?;
        self.return_value(value)
    }

    pub(super) fn lift_load_assertion_error(&mut self) -> Result<(), FrontendError> {
        let object = self.types.object;
        let value = self.value("py.load_assertion_error", &[], &[], object)?;
        self.push(value);
        Ok(())
    }

    fn constant(&mut self, index: u32) -> Result<Value<'c, 'a>, FrontendError> {
        let value = self.constant_value(&self.program.code().consts[index as usize]);
        let attributes = [("index", self.i32(index)), ("value", value)];
        let object = self.types.object;
        let result = self.value("py.constant", &attributes, &[], object)?;
        self.constants.insert(key(result), index);
        Ok(result)
    }

    /// What `py.constant` says of a constant.
    fn constant_value(&self, constant: &Const) -> Attribute<'c> {
        let float = |value| FloatAttribute::new(self.context, self.types.f64, value).into();
        match constant {
            Const::None => Attribute::unit(self.context),
            Const::Bool(value) => IntegerAttribute::new(self.types.i1, i64::from(*value)).into(),
            Const::Int(value) => IntegerAttribute::new(self.types.i64, *value).into(),
            Const::Float(value) => float(*value),
            Const::Complex(real, imaginary) => {
                ArrayAttribute::new(self.context, &[float(*real), float(*imaginary)]).into()
            }
            Const::Str(text) => self.string(text),
            Const::BigInt(_) => self.described("int", constant),
            Const::Bytes(_) => self.described("bytes", constant),
            Const::Ellipsis => self.described("ellipsis", constant),
            Const::Tuple(_) => self.described("tuple", constant),
            Const::FrozenSet(_) => self.described("frozenset", constant),
            Const::Code(_) => self.described("code", constant),
            Const::Other(_) => self.described("other", constant),
        }
    }

    fn described(&self, kind: &str, constant: &Const) -> Attribute<'c> {
        let entries = [
            (Identifier::new(self.context, "kind"), self.string(kind)),
            (
                Identifier::new(self.context, "repr"),
                self.string(&constant.to_string()),
            ),
        ];
        DictionaryAttribute::new(self.context, &entries).into()
    }
}

//! Containers: built, filled, unpacked, assigned to.

use super::builder::Lifter;
use crate::error::FrontendError;

impl Lifter<'_, '_> {
    /// A container of `oparg` items, of so many entries each.
    pub(super) fn lift_build(&mut self, op: &str, entries: usize) -> Result<(), FrontendError> {
        let items = self.pop_many(self.instruction().oparg as usize * entries)?;
        self.push_raising(op, &[], &items)
    }

    pub(super) fn lift_build_const_key_map(&mut self) -> Result<(), FrontendError> {
        let keys = self.pop()?;
        let mut operands = vec![keys];
        operands.extend(self.pop_many(self.instruction().oparg as usize)?);
        self.push_raising("py.build_const_key_map", &[], &operands)
    }

    pub(super) fn lift_build_slice(&mut self) -> Result<(), FrontendError> {
        if self.instruction().oparg == 2 {
            self.push_null()?;
        }
        let operands = self.pop_many(3)?;
        self.push_raising("py.build_slice", &[], &operands)
    }

    /// The value, deepest on the stack, is the op's last operand.
    pub(super) fn lift_store_item(
        &mut self,
        op: &str,
        entries: usize,
    ) -> Result<(), FrontendError> {
        let mut operands = self.pop_many(entries)?;
        operands.rotate_left(1);
        self.raising(op, &[], &operands, &[]).map(drop)
    }

    /// Puts the top of the stack into a container further down.
    pub(super) fn lift_extend(&mut self, op: &str) -> Result<(), FrontendError> {
        let value = self.pop()?;
        let container = self.peek(self.instruction().oparg as usize)?;
        self.raising(op, &[], &[container, value], &[]).map(drop)
    }

    /// Under the dictionary are the positional arguments, the place for self, and the callable.
    pub(super) fn lift_dict_merge(&mut self) -> Result<(), FrontendError> {
        let depth = self.instruction().oparg as usize;
        let mapping = self.pop()?;
        let operands = [self.peek(depth)?, mapping, self.peek(depth + 3)?];
        self.raising("py.dict_merge", &[], &operands, &[]).map(drop)
    }

    pub(super) fn lift_map_add(&mut self) -> Result<(), FrontendError> {
        let item = self.pop_many(2)?;
        let operands = [
            self.peek(self.instruction().oparg as usize)?,
            item[0],
            item[1],
        ];
        self.raising("py.map_add", &[], &operands, &[]).map(drop)
    }

    pub(super) fn lift_unpack_sequence(&mut self) -> Result<(), FrontendError> {
        self.unpack(
            "py.unpack_sequence",
            self.instruction().oparg as usize,
            None,
        )
    }

    pub(super) fn lift_unpack_ex(&mut self) -> Result<(), FrontendError> {
        let oparg = self.instruction().oparg;
        let (before, after) = (oparg & 0xff, oparg >> 8);
        let count = before as usize + 1 + after as usize;
        self.unpack("py.unpack_ex", count, Some(before))
    }

    pub(super) fn lift_convert_value(&mut self) -> Result<(), FrontendError> {
        let kind = ("kind", self.i32(self.instruction().oparg));
        let value = [self.pop()?];
        self.push_raising("py.convert_value", &[kind], &value)
    }

    /// The first item comes to the top of the stack.
    fn unpack(&mut self, op: &str, count: usize, before: Option<u32>) -> Result<(), FrontendError> {
        let sequence = [self.pop()?];
        let caught = usize::from(self.handler.is_some());
        let mut attributes = vec![("resultSegmentSizes", self.segments(&[count, caught]))];
        attributes.extend(before.map(|before| ("before", self.i32(before))));
        let results = vec![self.types.object; count];
        let items = self.raising(op, &attributes, &sequence, &results)?;
        self.frame.stack.extend(items.into_iter().rev());
        Ok(())
    }
}

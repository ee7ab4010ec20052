//! Instructions that are one op: it takes what they take and gives what they give.

use super::builder::Lifter;
use crate::bytecode::Opcode as O;
use crate::error::FrontendError;

/// The op of an instruction: its name, how many operands come from the stack (the deepest one first), and how many
/// results go there (the first one deepest).
pub(super) fn op(opcode: O) -> Option<(&'static str, usize, usize)> {
    Some(match opcode {
        O::BeforeAsyncWith => ("py.before_async_with", 1, 2),
        O::BeforeWith => ("py.before_with", 1, 2),
        O::BinarySlice => ("py.load_slice", 3, 1),
        O::BinarySubscr => ("py.load_subscr", 2, 1),
        O::CheckEgMatch => ("py.check_eg_match", 2, 2),
        O::DeleteSubscr => ("py.delete_subscr", 2, 0),
        O::FormatSimple => ("py.format_simple", 1, 1),
        O::FormatWithSpec => ("py.format_with_spec", 2, 1),
        O::GetAiter => ("py.get_aiter", 1, 1),
        O::GetIter => ("py.get_iter", 1, 1),
        O::GetYieldFromIter => ("py.get_yield_from_iter", 1, 1),
        O::LoadBuildClass => ("py.load_build_class", 0, 1),
        O::LoadLocals => ("py.load_locals", 0, 1),
        O::MakeFunction => ("py.make_function", 1, 1),
        O::SetupAnnotations => ("py.setup_annotations", 0, 0),
        _ => return None,
    })
}

impl Lifter<'_, '_> {
    pub(super) fn lift_simple(
        &mut self,
        (name, operands, results): (&str, usize, usize),
    ) -> Result<(), FrontendError> {
        let operands = self.pop_many(operands)?;
        let object = self.types.object;
        let results = self.raising(name, &[], &operands, &vec![object; results])?;
        self.frame.stack.extend(results);
        Ok(())
    }
}

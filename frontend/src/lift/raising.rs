//! Ops that can raise, and the way to their handler.

use super::builder::{Lifter, Named};
use super::ssa::Destination;
use crate::bytecode::Handler;
use crate::error::FrontendError;
use melior::ir::attribute::IntegerAttribute;
use melior::ir::{Type, Value};

impl<'c, 'a> Lifter<'c, 'a> {
    /// Appends an op that can raise, the frame state as its last operand. Under a handler it gets the result `raised`,
    /// and what follows goes on in a new block.
    pub(super) fn raising(
        &mut self,
        name: &str,
        attributes: &[Named<'_, 'c>],
        operands: &[Value<'c, 'a>],
        results: &[Type<'c>],
    ) -> Result<Vec<Value<'c, 'a>>, FrontendError> {
        let failure = self.failure(None)?;
        let (mut values, raised) =
            self.append_raising(name, attributes, operands, results, failure.is_some())?;
        if let (Some(raised), Some(failure)) = (raised, failure) {
            let next = self.blocks.after(self.block);
            self.blocks.branch(
                self.block,
                raised,
                failure,
                Destination::Plain(next),
                self.location(),
            );
            self.block = next;
        }
        values.truncate(results.len());
        Ok(values)
    }

    /// Appends an op that always raises and ends the block. Under a handler, `lasti` is where the exception comes
    /// from, if that is not the instruction being lifted.
    pub(super) fn failing(
        &mut self,
        name: &str,
        operands: &[Value<'c, 'a>],
        lasti: Option<Value<'c, 'a>>,
    ) -> Result<(), FrontendError> {
        let failure = self.failure(lasti)?;
        let (_, raised) = self.append_raising(name, &[], operands, &[], failure.is_some())?;
        match (raised, failure) {
            (Some(raised), Some(failure)) => {
                let both = failure.clone();
                self.blocks
                    .branch(self.block, raised, failure, both, self.location());
            }
            _ => {
                self.op("py.propagate", &[], &[], &[])?;
            }
        }
        self.open = false;
        Ok(())
    }

    /// Appends an op that can raise and has one object as result, which goes on the stack.
    pub(super) fn push_raising(
        &mut self,
        name: &str,
        attributes: &[Named<'_, 'c>],
        operands: &[Value<'c, 'a>],
    ) -> Result<(), FrontendError> {
        let object = self.types.object;
        let results = self.raising(name, attributes, operands, &[object])?;
        self.push(results[0]);
        Ok(())
    }

    fn append_raising(
        &mut self,
        name: &str,
        attributes: &[Named<'_, 'c>],
        operands: &[Value<'c, 'a>],
        results: &[Type<'c>],
        caught: bool,
    ) -> Result<(Vec<Value<'c, 'a>>, Option<Value<'c, 'a>>), FrontendError> {
        let state = self.state()?;
        let operands = [operands, &[state]].concat();
        let location = self.result_location(results);
        let mut results = results.to_vec();
        if caught {
            results.push(self.types.i1);
        }
        let values = self.op_at(location, name, attributes, &operands, &results)?;
        let raised = values.last().copied().filter(|_| caught);
        Ok((values, raised))
    }

    /// The branch to the handler of the instruction being lifted.
    fn failure(
        &mut self,
        lasti: Option<Value<'c, 'a>>,
    ) -> Result<Option<Destination<'c, 'a>>, FrontendError> {
        let Some(handler) = self.handler else {
            return Ok(None);
        };
        self.state()?;
        let values = self.handler_values(&handler, lasti)?;
        let target = self.program.at(handler.target);
        let target = self.block_at(target.ok_or_else(|| FrontendError::bug("no handler"))?)?;
        self.destination(target, values).map(Some)
    }

    /// What a handler gets: the locals, the entries that it keeps, and where the exception comes from.
    fn handler_values(
        &mut self,
        handler: &Handler,
        lasti: Option<Value<'c, 'a>>,
    ) -> Result<Vec<Value<'c, 'a>>, FrontendError> {
        let kept = self.before.stack.get(..handler.depth as usize);
        let kept =
            kept.ok_or_else(|| FrontendError::bug("the handler keeps more than there is"))?;
        let mut values = [&self.frame.locals[..], kept].concat();
        if handler.lasti {
            values.push(match lasti {
                Some(lasti) => lasti,
                None => self.place()?,
            });
        }
        Ok(values)
    }

    /// The number of the code unit of the instruction being lifted.
    fn place(&mut self) -> Result<Value<'c, 'a>, FrontendError> {
        let i64 = self.types.i64;
        let unit = i64::from(self.instruction().offset / 2);
        let unit = IntegerAttribute::new(i64, unit).into();
        let location = self.location();
        Ok(self.op_at(location, "arith.constant", &[("value", unit)], &[], &[i64])?[0])
    }
}

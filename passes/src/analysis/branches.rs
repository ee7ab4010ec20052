//! The values that terminators pass to the arguments of their successors.

use crate::inspect::op_name;
use melior::{
    Context,
    ir::{
        BlockRef, OperationRef, Value,
        attribute::DenseI32ArrayAttribute,
        operation::{OperationLike, OperationMutLike, OperationRefMut},
    },
};

/// An edge: where it goes and what it passes.
#[derive(Clone, Debug)]
pub struct Edge<'c, 'a> {
    /// The block that is entered.
    pub target: BlockRef<'c, 'a>,
    /// One value for each of its arguments.
    pub values: Vec<Value<'c, 'a>>,
}

/// The edges of a terminator, in the order of its successors.
///
/// `cf.br`, `cf.cond_br` and `cf.switch` pass values; no other terminator does.
pub fn edges<'c, 'a>(terminator: OperationRef<'c, 'a>) -> Vec<Edge<'c, 'a>> {
    let operands: Vec<_> = terminator.operands().collect();
    let mut rest = &operands[leading(terminator)..];
    let counts = value_counts(terminator, rest.len());
    let pairs = terminator.successors().zip(counts);
    pairs
        .map(|(target, count)| {
            let (values, behind) = rest.split_at(count);
            rest = behind;
            Edge {
                target,
                values: values.to_vec(),
            }
        })
        .collect()
}

/// Passes other values. The terminator must be one that passes values at all, and has as many
/// successors as there are lists.
pub fn set_edge_values<'c, 'a>(
    context: &'c Context,
    terminator: OperationRef<'c, 'a>,
    lists: &[Vec<Value<'c, 'a>>],
) {
    let kept = terminator.operands().take(leading(terminator));
    let operands: Vec<_> = kept.chain(lists.iter().flatten().copied()).collect();
    // SAFETY: the op is alive, and nobody else holds a mutable reference to it.
    let mut op = unsafe { OperationRefMut::from_raw(terminator.to_raw()) };
    op.set_operands(&operands);
    let sizes: Vec<i32> = lists.iter().map(|list| list.len() as i32).collect();
    let array = |sizes: &[i32]| DenseI32ArrayAttribute::new(context, sizes).into();
    match op_name(terminator) {
        "cf.cond_br" => {
            op.set_inherent_attribute(SEGMENTS, array(&[&[1], &sizes[..]].concat()));
        }
        "cf.switch" => {
            let cases = sizes[1..].iter().sum();
            op.set_inherent_attribute(SEGMENTS, array(&[1, sizes[0], cases]));
            op.set_inherent_attribute(CASES, array(&sizes[1..]));
        }
        _ => {}
    }
}

const SEGMENTS: &str = "operandSegmentSizes";
const CASES: &str = "case_operand_segments";

/// How many operands come before those of the edges.
fn leading(terminator: OperationRef) -> usize {
    match op_name(terminator) {
        "cf.br" => 0,
        "cf.cond_br" | "cf.switch" => 1,
        _ => terminator.operand_count(),
    }
}

fn value_counts(terminator: OperationRef, total: usize) -> Vec<usize> {
    let array = |attribute: &str, skip: usize| {
        let array = terminator.attribute(attribute).ok();
        let array = array.and_then(|array| DenseI32ArrayAttribute::try_from(array).ok());
        let sizes = array.map(|array| (skip..array.len()).map(move |i| array.element(i)));
        sizes
            .into_iter()
            .flatten()
            .flatten()
            .map(|size| size as usize)
    };
    match op_name(terminator) {
        "cf.br" => vec![total],
        "cf.cond_br" => array(SEGMENTS, 1).collect(),
        "cf.switch" => array(SEGMENTS, 1).take(1).chain(array(CASES, 0)).collect(),
        _ => vec![0; terminator.successor_count()],
    }
}

//! The IR as passes written in Python see it: `stepwell.ir`, named as upstream MLIR's Python bindings name it.
//!
//! Python code can keep a handle for longer than the thing it stands for. Therefore no handle holds a pointer that is
//! used unasked: it holds a [`Ticket`](session::Ticket), which the [session] of the running pass honours as long
//! as the operation or block is there. Types, attributes and locations belong to the context of the process, which is
//! never freed.

mod attribute;
mod attribute_map;
mod block;
pub mod create;
pub mod erase;
pub mod insertion_point;
mod location;
pub mod nested;
mod operand_list;
mod operation;
mod region;
mod rewriter;
pub mod session;
mod text;
mod types;
mod value;
mod walk;

pub use operation::Operation;
pub use rewriter::Rewriter;

use pyo3::prelude::*;

/// Adds the classes of `stepwell.ir` to the extension module.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<attribute::Attribute>()?;
    module.add_class::<attribute_map::OpAttributeMap>()?;
    module.add_class::<block::Block>()?;
    module.add_class::<insertion_point::InsertionPoint>()?;
    module.add_class::<location::Location>()?;
    module.add_class::<operand_list::OpOperandList>()?;
    module.add_class::<operation::Operation>()?;
    module.add_class::<region::Region>()?;
    module.add_class::<rewriter::Rewriter>()?;
    module.add_class::<types::Type>()?;
    module.add_class::<value::OpOperand>()?;
    module.add_class::<value::Value>()?;
    module.add_class::<walk::WalkOrder>()?;
    module.add_class::<walk::WalkResult>()
}

//! `Operation.create`.

use super::{
    attribute::Attribute, block::Block, insertion_point::InsertionPoint, location::Location,
    operation::Operation, session, text::string_ref, types::Type, value::Value,
};
use mlir_sys::{
    MlirBlock, MlirContext, MlirLocation, MlirNamedAttribute, MlirOperation, MlirRegion, MlirType,
    MlirValue, mlirContextIsRegisteredOperation, mlirIdentifierGet, mlirLocationUnknownGet,
    mlirNamedAttributeGet, mlirOperationCreate, mlirOperationStateAddAttributes,
    mlirOperationStateAddOperands, mlirOperationStateAddOwnedRegions, mlirOperationStateAddResults,
    mlirOperationStateAddSuccessors, mlirOperationStateGet, mlirRegionCreate,
};
use pyo3::{exceptions::PyValueError, prelude::*};
use std::collections::BTreeMap;

/// What an operation is made of.
pub struct Recipe {
    pub name: String,
    pub results: Vec<Type>,
    pub operands: Vec<Value>,
    pub attributes: BTreeMap<String, Attribute>,
    pub successors: Vec<Block>,
    pub regions: usize,
    pub loc: Option<Location>,
    pub ip: Option<InsertionPoint>,
}

impl Recipe {
    /// Makes the operation and puts it at `ip`, else where the innermost `with` says or the rewriter stands, else
    /// nowhere.
    ///
    /// # Errors
    /// When there is no operation of that name, or something it is made of is gone.
    pub fn make(self) -> PyResult<Operation> {
        let context = session::context()?;
        check_name(context, &self.name)?;
        let (place, location) =
            session::with(|session| (session.places.last().copied(), session.location))?;
        let place = self.ip.map(|ip| ip.place).or(place);
        if let Some(place) = place {
            place.block()?;
        }
        // SAFETY: the context is alive.
        let unknown = || unsafe { mlirLocationUnknownGet(context) };
        let location = self
            .loc
            .map(Location::raw)
            .or(location)
            .unwrap_or_else(unknown);
        let op = self.build(context, location)?;
        session::with(|session| {
            session.loose.push(op);
            session.changed = true;
        })?;
        let operation = Operation::wrap(op)?;
        place.map_or(Ok(()), |place| place.insert(op))?;
        Ok(operation)
    }

    fn build(self, context: MlirContext, location: MlirLocation) -> PyResult<MlirOperation> {
        let results: Vec<MlirType> = self.results.into_iter().map(Type::raw).collect();
        let operands: Vec<MlirValue> = self
            .operands
            .into_iter()
            .map(Value::get)
            .collect::<PyResult<_>>()?;
        let successors: Vec<MlirBlock> = self
            .successors
            .into_iter()
            .map(Block::get)
            .collect::<PyResult<_>>()?;
        let attributes = named_attributes(context, &self.attributes);
        // SAFETY: the name is that of a registered operation; everything added is alive, and the lists are copied. The
        // regions are new and belong to the operation.
        unsafe {
            let mut state = mlirOperationStateGet(string_ref(&self.name), location);
            let state = &raw mut state;
            let regions: Vec<MlirRegion> = (0..self.regions).map(|_| mlirRegionCreate()).collect();
            mlirOperationStateAddResults(state, results.len() as isize, results.as_ptr());
            mlirOperationStateAddOperands(state, operands.len() as isize, operands.as_ptr());
            mlirOperationStateAddSuccessors(state, successors.len() as isize, successors.as_ptr());
            mlirOperationStateAddAttributes(state, attributes.len() as isize, attributes.as_ptr());
            mlirOperationStateAddOwnedRegions(state, regions.len() as isize, regions.as_ptr());
            let op = mlirOperationCreate(state);
            if op.ptr.is_null() {
                let message = format!("{} cannot be made of this", self.name);
                return Err(PyValueError::new_err(message));
            }
            Ok(op)
        }
    }
}

fn named_attributes(
    context: MlirContext,
    attributes: &BTreeMap<String, Attribute>,
) -> Vec<MlirNamedAttribute> {
    let named = attributes.iter().map(|(name, attribute)| {
        // SAFETY: context, name and attribute are alive.
        unsafe {
            mlirNamedAttributeGet(
                mlirIdentifierGet(context, string_ref(name)),
                attribute.raw(),
            )
        }
    });
    named.collect()
}

/// MLIR ends the process when it is asked for an operation that it does not know.
pub fn check_name(context: MlirContext, name: &str) -> PyResult<()> {
    // SAFETY: context and name are alive.
    if unsafe { mlirContextIsRegisteredOperation(context, string_ref(name)) } {
        Ok(())
    } else {
        Err(PyValueError::new_err(format!(
            "there is no operation {name:?}"
        )))
    }
}

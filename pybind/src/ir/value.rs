use super::{
    block::Block,
    operation::Operation,
    session::{BlockTicket, OpTicket, note_change},
    text::printed,
    types::Type,
};
use mlir_sys::{
    MlirOpOperand, MlirValue, mlirAsmStateCreateForValue, mlirAsmStateDestroy,
    mlirBlockArgumentGetArgNumber, mlirBlockArgumentGetOwner, mlirOpOperandGetNextUse,
    mlirOpOperandGetOperandNumber, mlirOpOperandGetOwner, mlirOpOperandIsNull,
    mlirOpPrintingFlagsCreate, mlirOpPrintingFlagsDestroy, mlirOpPrintingFlagsPrintNameLocAsPrefix,
    mlirOpResultGetOwner, mlirOpResultGetResultNumber, mlirValueGetFirstUse, mlirValueGetType,
    mlirValueIsAOpResult, mlirValuePrintAsOperand, mlirValueReplaceAllUsesOfWith,
};
use pyo3::{IntoPyObjectExt, exceptions::PyValueError, prelude::*};
use std::iter;

/// Who makes a value, and with whom it goes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Owner {
    Op(OpTicket),
    Block(BlockTicket),
}

/// A value: the result of an operation, or the argument of a block.
#[pyclass(frozen, eq, hash, module = "stepwell.ir", from_py_object)]
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Value {
    owner: Owner,
    address: usize,
}

impl Value {
    /// A handle of a value that is alive.
    pub fn wrap(value: MlirValue) -> PyResult<Self> {
        // SAFETY: the value is alive, and so is its owner.
        let owner = unsafe {
            if mlirValueIsAOpResult(value) {
                Owner::Op(OpTicket::issue(mlirOpResultGetOwner(value))?)
            } else {
                Owner::Block(BlockTicket::issue(mlirBlockArgumentGetOwner(value))?)
            }
        };
        Ok(Self {
            owner,
            address: value.ptr as usize,
        })
    }

    /// The value.
    ///
    /// # Errors
    /// When it is gone.
    pub fn get(self) -> PyResult<MlirValue> {
        match self.owner {
            Owner::Op(ticket) => {
                ticket.get()?;
            }
            Owner::Block(ticket) => {
                ticket.get()?;
            }
        }
        Ok(MlirValue {
            ptr: self.address as *const _,
        })
    }
}

#[pymethods]
impl Value {
    /// Its type.
    #[getter]
    fn r#type(&self) -> PyResult<Type> {
        // SAFETY: the value is alive.
        Ok(Type::new(unsafe { mlirValueGetType(self.get()?) }))
    }

    /// The operation that it is a result of, or the block that it is an argument of.
    #[getter]
    fn owner(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        match self.owner {
            Owner::Op(ticket) => Operation::wrap(ticket.get()?)?.into_py_any(py),
            Owner::Block(ticket) => Block::wrap(ticket.get()?)?.into_py_any(py),
        }
    }

    /// Its number among the results or arguments of its owner.
    #[getter]
    fn index(&self) -> PyResult<isize> {
        let value = self.get()?;
        // SAFETY: the value is alive and of that kind.
        Ok(unsafe {
            match self.owner {
                Owner::Op(_) => mlirOpResultGetResultNumber(value),
                Owner::Block(_) => mlirBlockArgumentGetArgNumber(value),
            }
        })
    }

    /// Where it is used.
    #[getter]
    fn uses(&self) -> PyResult<Vec<OpOperand>> {
        uses(self.get()?).map(OpOperand::wrap).collect()
    }

    /// Uses another value wherever this one is used.
    fn replace_all_uses_with(&self, with_: Self) -> PyResult<()> {
        let (value, with) = (self.get()?, with_.get()?);
        if value.ptr == with.ptr {
            return Err(PyValueError::new_err(
                "a value cannot be replaced with itself",
            ));
        }
        note_change()?;
        // SAFETY: both values are alive and different.
        unsafe { mlirValueReplaceAllUsesOfWith(value, with) };
        Ok(())
    }

    /// Its name in the text of the whole, such as `%x`.
    fn get_name(&self) -> PyResult<String> {
        self.name()
    }

    fn __repr__(&self) -> String {
        match (self.get(), self.name()) {
            (Ok(value), Ok(name)) => format!("<Value {name} : {}>", printed_type(value)),
            _ => "<Value that is gone>".to_owned(),
        }
    }
}

impl Value {
    /// Its name in the text of the whole.
    pub fn name(&self) -> PyResult<String> {
        let value = self.get()?;
        // SAFETY: the value is alive; flags and state are destroyed when they have been used.
        Ok(unsafe {
            let flags = mlirOpPrintingFlagsCreate();
            mlirOpPrintingFlagsPrintNameLocAsPrefix(flags);
            let state = mlirAsmStateCreateForValue(value, flags);
            let name =
                printed(|callback, data| mlirValuePrintAsOperand(value, state, callback, data));
            mlirAsmStateDestroy(state);
            mlirOpPrintingFlagsDestroy(flags);
            name
        })
    }
}

/// The type of a value that is alive, in text.
fn printed_type(value: MlirValue) -> String {
    // SAFETY: the value is alive.
    printed(|callback, data| unsafe {
        mlir_sys::mlirTypePrint(mlirValueGetType(value), callback, data);
    })
}

/// The uses of a value that is alive. Nothing may change them meanwhile.
pub fn uses(value: MlirValue) -> impl Iterator<Item = MlirOpOperand> {
    // SAFETY: a use, or the null behind the last one, can be asked which it is.
    let some = |operand| (!unsafe { mlirOpOperandIsNull(operand) }).then_some(operand);
    // SAFETY: the value is alive, and so are the operations that use it.
    iter::successors(
        some(unsafe { mlirValueGetFirstUse(value) }),
        move |operand| {
            // SAFETY: as above.
            some(unsafe { mlirOpOperandGetNextUse(*operand) })
        },
    )
}

/// A use of a value.
#[pyclass(frozen, module = "stepwell.ir")]
pub struct OpOperand {
    owner: OpTicket,
    number: u32,
}

impl OpOperand {
    fn wrap(operand: MlirOpOperand) -> PyResult<Self> {
        // SAFETY: the use is one of a value that is alive.
        unsafe {
            Ok(Self {
                owner: OpTicket::issue(mlirOpOperandGetOwner(operand))?,
                number: mlirOpOperandGetOperandNumber(operand),
            })
        }
    }
}

#[pymethods]
impl OpOperand {
    /// The operation that uses the value.
    #[getter]
    fn owner(&self) -> PyResult<Operation> {
        Operation::wrap(self.owner.get()?)
    }

    /// The number of the operand that it is there.
    #[getter]
    fn operand_number(&self) -> u32 {
        self.number
    }
}

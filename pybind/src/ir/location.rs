use super::text::{printed, string_ref};
use crate::workshop::Workshop;
use melior::ir::Location as MeliorLocation;
use mlir_sys::{
    MlirLocation, mlirLocationFileLineColGet, mlirLocationNameGet, mlirLocationPrint,
    mlirLocationUnknownGet,
};
use pyo3::prelude::*;
use stepwell_passes::source_location;

/// Where an operation comes from.
#[pyclass(frozen, eq, hash, module = "stepwell.ir", from_py_object)]
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Location {
    address: usize,
}

impl Location {
    pub fn new(location: MlirLocation) -> Self {
        Self {
            address: location.ptr as usize,
        }
    }

    pub fn raw(self) -> MlirLocation {
        MlirLocation {
            ptr: self.address as *const _,
        }
    }
}

#[pymethods]
impl Location {
    /// No place in particular.
    #[staticmethod]
    fn unknown(py: Python<'_>) -> Self {
        let workshop = Workshop::enter(py);
        // SAFETY: the context is alive.
        Self::new(unsafe { mlirLocationUnknownGet(workshop.context().to_raw()) })
    }

    /// A place in a file. Lines and columns count from 1.
    #[staticmethod]
    fn file(py: Python<'_>, filename: &str, line: u32, col: u32) -> Self {
        let workshop = Workshop::enter(py);
        let context = workshop.context().to_raw();
        // SAFETY: context and text are alive.
        Self::new(unsafe { mlirLocationFileLineColGet(context, string_ref(filename), line, col) })
    }

    /// A name for a value, and the place it comes from.
    #[staticmethod]
    #[pyo3(signature = (name, child_loc=None))]
    fn name(py: Python<'_>, name: &str, child_loc: Option<Self>) -> Self {
        let child = child_loc.unwrap_or_else(|| Self::unknown(py));
        let workshop = Workshop::enter(py);
        let context = workshop.context().to_raw();
        // SAFETY: context, text and location are alive.
        Self::new(unsafe { mlirLocationNameGet(context, string_ref(name), child.raw()) })
    }

    /// The place in the user's source, as `file.py:3:5`.
    #[getter]
    fn source(&self) -> String {
        // SAFETY: the location lives as long as the context, which is never freed.
        source_location(unsafe { MeliorLocation::from_raw(self.raw()) })
    }

    fn __str__(&self) -> String {
        // SAFETY: as above.
        printed(|callback, data| unsafe { mlirLocationPrint(self.raw(), callback, data) })
    }

    fn __repr__(&self) -> String {
        self.__str__()
    }
}

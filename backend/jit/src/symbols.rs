//! The symbols that modules may refer to.

use indexmap::IndexMap;

use crate::{EngineError, libcalls};

/// Names and addresses, with the ones that the JIT has not been told yet.
pub(crate) struct SymbolTable {
    known: IndexMap<String, usize>,
    told: usize,
}

impl SymbolTable {
    /// A table that holds what LLVM's own code calls.
    pub(crate) fn new() -> Self {
        Self {
            known: libcalls::addresses().collect(),
            told: 0,
        }
    }

    /// Adds a symbol. Adding it again with the same address changes nothing.
    ///
    /// # Errors
    /// [`EngineError::SymbolConflict`] when it has another address already,
    /// [`EngineError::SymbolName`] when no symbol can have the name.
    pub(crate) fn define(&mut self, name: &str, address: usize) -> Result<(), EngineError> {
        if name.contains('\0') {
            return Err(EngineError::SymbolName(name.to_owned()));
        }
        match self.known.get(name) {
            Some(present) if *present != address => {
                Err(EngineError::SymbolConflict(name.to_owned()))
            }
            Some(_) => Ok(()),
            None => {
                self.known.insert(name.to_owned(), address);
                Ok(())
            }
        }
    }

    /// Those of `names` that are not in the table, as an error.
    pub(crate) fn check(&self, names: impl Iterator<Item = String>) -> Result<(), EngineError> {
        let missing: Vec<_> = names
            .filter(|name| !self.known.contains_key(name))
            .collect();
        match missing.is_empty() {
            true => Ok(()),
            false => Err(EngineError::UndefinedSymbols(missing)),
        }
    }

    /// Passes the symbols that are new since the last successful call to `tell`.
    pub(crate) fn flush(
        &mut self,
        tell: impl FnOnce(&mut dyn Iterator<Item = (&str, usize)>) -> Result<(), EngineError>,
    ) -> Result<(), EngineError> {
        if self.told == self.known.len() {
            return Ok(());
        }
        let mut fresh = self
            .known
            .iter()
            .skip(self.told)
            .map(|(name, address)| (name.as_str(), *address));
        tell(&mut fresh)?;
        self.told = self.known.len();
        Ok(())
    }
}

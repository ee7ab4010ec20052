//! The map in which `perf` looks for the names of code that was made at run time.

use std::{
    env, ffi::CStr, fmt::Write as _, fs::OpenOptions, io::Write as _, process, ptr, sync::OnceLock,
};

use indexmap::IndexMap;
use llvm_sys::object::*;

use crate::{buffer::Buffer, message::take_message};

/// Whether the environment asks for the map. Read once.
pub(crate) fn enabled() -> bool {
    static ENABLED: OnceLock<bool> = OnceLock::new();
    *ENABLED.get_or_init(|| env::var_os("STEPWELL_PERF").is_some_and(|value| value != "0"))
}

/// The size of every symbol that an object file defines; none if the object cannot be read.
pub(crate) fn symbol_sizes(object: &Buffer) -> IndexMap<String, u64> {
    let mut sizes = IndexMap::new();
    // SAFETY: the binary refers to the buffer, which outlives it; iterators are disposed of before
    // the binary. The message is set when there is no binary.
    unsafe {
        let mut message = ptr::null_mut();
        let binary = LLVMCreateBinary(object.as_raw(), ptr::null_mut(), &mut message);
        if binary.is_null() {
            take_message(message);
            return sizes;
        }
        let symbols = LLVMObjectFileCopySymbolIterator(binary);
        while LLVMObjectFileIsSymbolIteratorAtEnd(binary, symbols) == 0 {
            let name = CStr::from_ptr(LLVMGetSymbolName(symbols))
                .to_string_lossy()
                .into_owned();
            sizes.insert(name, LLVMGetSymbolSize(symbols));
            LLVMMoveToNextSymbol(symbols);
        }
        LLVMDisposeSymbolIterator(symbols);
        LLVMDisposeBinary(binary);
    }
    sizes
}

/// Appends a unit's symbols to the map. A map that cannot be written is no reason to fail.
pub(crate) fn record(addresses: &IndexMap<String, usize>, sizes: &IndexMap<String, u64>) {
    let mut lines = String::new();
    for (name, address) in addresses {
        let size = sizes.get(name).copied().unwrap_or_default();
        // Writing to a string does not fail.
        let _ = writeln!(lines, "{address:x} {size:x} stepwell:{name}");
    }
    let path = format!("/tmp/perf-{}.map", process::id());
    let file = OpenOptions::new().create(true).append(true).open(path);
    let _ = file.and_then(|mut file| file.write_all(lines.as_bytes()));
}

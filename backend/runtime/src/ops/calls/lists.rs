//! `append` and `pop` of exact lists, which the interpreter has no shorter way for than a call of any method.

use crate::{
    object::{Object, is_exactly, length, method_of},
    ops::containers::append_within,
};
use std::{ptr::null_mut, sync::OnceLock};
use stepwell_abi::cpython as c;

/// The descriptors of `list.append` and `list.pop`, by address; zero where there is none.
fn methods() -> [usize; 2] {
    static METHODS: OnceLock<[usize; 2]> = OnceLock::new();
    *METHODS.get_or_init(|| {
        [c"append", c"pop"].map(|name| {
            // SAFETY: callers hold the GIL.
            unsafe { method_of(&raw mut c::PyList_Type, name).expose_provenance() }
        })
    })
}

/// The result of `list.append(item)` or `list.pop()` where the memory of the list stays as it is; `None` for all else.
///
/// # Safety
/// The conditions of the module. `args` holds `count` arguments, the list among them.
#[inline(always)]
pub(super) unsafe fn call(method: Object, args: *const Object, count: usize) -> Option<Object> {
    // SAFETY: as the caller's; below `allocated` there is room for an item.
    unsafe {
        let [append, pop] = methods();
        let list = *args;
        if !is_exactly(list, &raw const c::PyList_Type) {
            return None;
        }
        let fields = list.cast::<c::PyListObject>();
        let size = length(list);
        if method.addr() == append && count == 2 {
            let none = &raw mut c::_Py_NoneStruct;
            return append_within(list, *args.add(1)).then_some(none);
        }
        // A list that becomes empty, or half as long, gives memory back.
        let stays = size > 1 && size > (*fields).allocated >> 1;
        if method.addr() == pop && count == 1 && stays {
            (*fields).ob_base.ob_size = size - 1;
            let place = (*fields).ob_item.add(size as usize - 1);
            return Some(std::ptr::replace(place, null_mut()));
        }
        None
    }
}

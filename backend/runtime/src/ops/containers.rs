//! Containers built, extended and unpacked; formatting; matching.

use crate::{
    object::{
        Object, ThreadState, decref, flags, has_flags, incref, is_exactly, length, new_ref,
        tuple_items, type_of,
    },
    symbols::{Symbol, functions},
};
use std::{ptr::null_mut, slice};
use stepwell_abi::cpython as c;

mod items;
mod subscripts;

pub(super) fn symbols() -> Vec<Symbol> {
    let mut symbols = functions![
        sw_build_list(_, _),
        sw_build_tuple(_, _),
        sw_build_set(_, _),
        sw_build_map(_, _),
        sw_build_const_key_map(_, _, _),
        sw_build_string(_, _),
        sw_list_append(_, _),
        sw_list_extend(_, _),
        sw_dict_update(_, _),
        sw_dict_merge(_, _, _, _),
        sw_unpack_sequence(_, _, _, _),
        sw_unpack_ex(_, _, _, _, _),
        sw_format_simple(_),
        sw_match_mapping(_),
        sw_match_sequence(_),
        sw_match_class(_, _, _, _, _),
    ];
    symbols.extend(items::symbols());
    symbols.extend(subscripts::symbols());
    symbols
}

unsafe extern "C-unwind" fn sw_build_list(items: *const Object, count: i64) -> Object {
    // SAFETY: the module's conditions; a new list of that size has room for the items.
    unsafe {
        let list = c::PyList_New(count as isize);
        if !list.is_null() && count > 0 {
            copy((*list.cast::<c::PyListObject>()).ob_item, items, count);
        }
        list
    }
}

unsafe extern "C-unwind" fn sw_build_tuple(items: *const Object, count: i64) -> Object {
    // SAFETY: as `sw_build_list`; the empty tuple is shared and has no items to write.
    unsafe {
        let tuple = c::PyTuple_New(count as isize);
        if !tuple.is_null() {
            copy(
                (&raw mut (*tuple.cast::<c::PyTupleObject>()).ob_item).cast(),
                items,
                count,
            );
        }
        tuple
    }
}

unsafe fn copy(target: *mut Object, items: *const Object, count: i64) {
    for i in 0..count as usize {
        // SAFETY: the caller's arrays have `count` places; a new container owns its items.
        unsafe { *target.add(i) = new_ref(*items.add(i)) }
    }
}

unsafe extern "C-unwind" fn sw_build_set(items: *const Object, count: i64) -> Object {
    // SAFETY: the module's conditions.
    unsafe {
        let set = c::PySet_New(null_mut());
        if set.is_null() {
            return null_mut();
        }
        for i in 0..count as usize {
            if c::PySet_Add(set, *items.add(i)) != 0 {
                decref(set);
                return null_mut();
            }
        }
        set
    }
}

unsafe extern "C-unwind" fn sw_build_map(items: *const Object, count: i64) -> Object {
    // SAFETY: the module's conditions; keys and values alternate.
    unsafe { c::_PyDict_FromItems(items, 2, items.add(1), 2, count as isize) }
}

unsafe extern "C-unwind" fn sw_build_const_key_map(
    keys: Object,
    items: *const Object,
    count: i64,
) -> Object {
    // SAFETY: the module's conditions; the tuple has `count` keys.
    unsafe { c::_PyDict_FromItems(tuple_items(keys).as_ptr(), 1, items, 1, count as isize) }
}

unsafe extern "C-unwind" fn sw_build_string(items: *const Object, count: i64) -> Object {
    // SAFETY: the module's conditions; the empty string is the separator.
    unsafe {
        let empty = c::PyUnicode_New(0, 0);
        if empty.is_null() {
            return null_mut();
        }
        let joined = c::_PyUnicode_JoinArray(empty, items, count as isize);
        decref(empty);
        joined
    }
}

unsafe extern "C-unwind" fn sw_list_append(list: Object, value: Object) -> i32 {
    // SAFETY: the module's conditions; the list is one that a comprehension or display fills.
    unsafe {
        match append_within(list, value) {
            true => 0,
            false => c::PyList_Append(list, value),
        }
    }
}

/// Appends to exactly a list, if its memory has room. Whether it had.
#[inline]
pub(super) unsafe fn append_within(list: Object, value: Object) -> bool {
    // SAFETY: the caller's objects are alive; below `allocated` there is room for an item.
    unsafe {
        let fields = &mut *list.cast::<c::PyListObject>();
        let count = length(list);
        let has_room = count < fields.allocated;
        if has_room {
            *fields.ob_item.add(count as usize) = new_ref(value);
            fields.ob_base.ob_size = count + 1;
        }
        has_room
    }
}

unsafe extern "C-unwind" fn sw_list_extend(list: Object, iterable: Object) -> i32 {
    // SAFETY: the module's conditions.
    unsafe {
        let none = c::_PyList_Extend(list.cast(), iterable);
        if !none.is_null() {
            decref(none);
            return 0;
        }
        if c::PyErr_ExceptionMatches(c::PyExc_TypeError) != 0
            && (*type_of(iterable)).tp_iter.is_none()
            && c::PySequence_Check(iterable) == 0
        {
            c::PyErr_Clear();
            let message = c"Value after * must be an iterable, not %.200s";
            c::PyErr_Format(
                c::PyExc_TypeError,
                message.as_ptr(),
                (*type_of(iterable)).tp_name,
            );
        }
        -1
    }
}

unsafe extern "C-unwind" fn sw_dict_update(dict: Object, mapping: Object) -> i32 {
    // SAFETY: the module's conditions.
    unsafe {
        if c::PyDict_Update(dict, mapping) == 0 {
            return 0;
        }
        if c::PyErr_ExceptionMatches(c::PyExc_AttributeError) != 0 {
            let message = c"'%.200s' object is not a mapping";
            c::PyErr_Format(
                c::PyExc_TypeError,
                message.as_ptr(),
                (*type_of(mapping)).tp_name,
            );
        }
        -1
    }
}

unsafe extern "C-unwind" fn sw_dict_merge(
    ts: *mut ThreadState,
    dict: Object,
    mapping: Object,
    callable: Object,
) -> i32 {
    // SAFETY: the module's conditions; 2 makes a repeated key an error.
    unsafe {
        if c::_PyDict_MergeEx(dict, mapping, 2) == 0 {
            return 0;
        }
        c::_PyEval_FormatKwargsError(ts, callable, mapping);
        -1
    }
}

unsafe extern "C-unwind" fn sw_unpack_sequence(
    ts: *mut ThreadState,
    sequence: Object,
    count: i32,
    out: *mut Object,
) -> i32 {
    // SAFETY: the module's conditions; `out` has `count` places.
    unsafe {
        if let Some(items) = exact_items(sequence)
            && items.len() == count as usize
        {
            for (i, item) in items.iter().enumerate() {
                incref(*item);
                *out.add(i) = *item;
            }
            return 0;
        }
        unpack(
            ts,
            sequence,
            count,
            -1,
            slice::from_raw_parts_mut(out, count as usize),
        )
    }
}

unsafe extern "C-unwind" fn sw_unpack_ex(
    ts: *mut ThreadState,
    sequence: Object,
    before: i32,
    after: i32,
    out: *mut Object,
) -> i32 {
    // SAFETY: the module's conditions; `out` has a place for each item and for the list between them.
    unsafe {
        unpack(
            ts,
            sequence,
            before,
            after,
            slice::from_raw_parts_mut(out, (before + 1 + after) as usize),
        )
    }
}

/// The interpreter's own unpacking, which fills from the end.
unsafe fn unpack(
    ts: *mut ThreadState,
    sequence: Object,
    before: i32,
    after: i32,
    out: &mut [Object],
) -> i32 {
    // SAFETY: the caller made room for all items.
    if unsafe { c::_PyEval_UnpackIterable(ts, sequence, before, after, out.as_mut_ptr_range().end) }
        == 0
    {
        return -1;
    }
    out.reverse();
    0
}

/// The items of exactly a tuple or a list, borrowed until anything runs.
unsafe fn exact_items<'a>(sequence: Object) -> Option<&'a [Object]> {
    // SAFETY: the module's conditions.
    unsafe {
        if is_exactly(sequence, &raw const c::PyTuple_Type) {
            return Some(tuple_items(sequence));
        }
        let count =
            is_exactly(sequence, &raw const c::PyList_Type).then(|| length(sequence) as usize)?;
        let items = (*sequence.cast::<c::PyListObject>()).ob_item;
        Some(if count == 0 {
            &[]
        } else {
            slice::from_raw_parts(items, count)
        })
    }
}

unsafe extern "C-unwind" fn sw_format_simple(value: Object) -> Object {
    // SAFETY: the module's conditions.
    unsafe {
        if is_exactly(value, &raw const c::PyUnicode_Type) {
            return new_ref(value);
        }
        c::PyObject_Format(value, null_mut())
    }
}

unsafe extern "C-unwind" fn sw_match_mapping(subject: Object) -> i32 {
    // SAFETY: the module's conditions.
    unsafe { i32::from(has_flags(subject, flags::MAPPING)) }
}

unsafe extern "C-unwind" fn sw_match_sequence(subject: Object) -> i32 {
    // SAFETY: the module's conditions.
    unsafe { i32::from(has_flags(subject, flags::SEQUENCE)) }
}

unsafe extern "C-unwind" fn sw_match_class(
    ts: *mut ThreadState,
    subject: Object,
    class: Object,
    names: Object,
    positional: i64,
) -> Object {
    // SAFETY: the module's conditions.
    unsafe {
        let attributes = c::_PyEval_MatchClass(ts, subject, class, positional as isize, names);
        if attributes.is_null() && (*ts).current_exception.is_null() {
            return new_ref(&raw mut c::_Py_NoneStruct);
        }
        attributes
    }
}
